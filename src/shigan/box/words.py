"""All words of the voting pages by key, Chinese and English; `{…}` is filled in by `say`.

They are read by people who are afraid of being recognized: short sentences, nothing promised that the box
cannot keep (docs/box.md), and every refusal names the place, the rule and what to do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

WORDS: dict[str, tuple[str, str]] = {
    # every page
    "box": ("票箱", "Ballot box"),
    "skip": ("跳到正文", "Skip to the content"),
    "other": ("English", "中文"),
    "menu": ("票箱各页", "Pages of the box"),
    "to_vote": ("投票", "Vote"),
    "to_look": ("查看我的票", "Look at my ballot"),
    "to_comment": ("写意见", "Write a comment"),
    "to_about": ("票箱能保证什么，不能保证什么", "What the box can and cannot promise"),
    "to_included": ("计入的票的编号", "Numbers of the ballots that count"),
    "plan": ("评议方案指纹 {digest}…", "Fingerprint of the plan {digest}…"),
    "back": ("返回投票", "Back to voting"),
    "error": ("没有成功：{what}", "Not done: {what}"),
    "where": ("哪里", "Where"),
    "why": ("为什么", "Why"),
    "remedy": ("怎么办", "What to do"),
    # the voting page
    "times": ("投票时间：{span}", "Voting: {span}"),
    "promise_who": (
        "票箱不知道您是谁：编码是谁的，没有任何记录；谁在什么时候、用什么设备来过，也不记录。",
        "The box does not know who you are: whose code it is stands nowhere, and neither does who came, "
        "when, or with which device.",
    ),
    "promise_again": (
        "截止前可以随时重投，以最后一次为准。有人在旁边时投的，过后可以自己再投。",
        "You may vote again at any time until closing; the last ballot counts. If somebody stood beside "
        "you, vote again later on your own.",
    ),
    "promise_free": (
        "不登录，不问姓名，不写字。哪一项不想评，就留在“不填”；全部不填算弃权。",
        "No login, no name, no handwriting. Leave at \"blank\" what you do not want to judge; a sheet all "
        "blank is an abstention.",
    ),
    "limits": ("哪些事票箱不能保证", "What the box cannot promise"),
    "step_code": ("一、输入编码", "1. Enter the code"),
    "step_sheet": ("二、填写", "2. Fill in the sheet"),
    "code": ("票上的编码", "Code on your slip"),
    "code_hint": (
        "25 位，五个一组。大小写、空格、横线都不要紧；扫票上的二维码会自动填好。",
        "25 symbols in groups of five. Capitals, spaces and dashes do not matter; scanning the slip fills "
        "it in.",
    ),
    "token_open": ("没有纸票，领的是电子凭证", "I have no slip but took an electronic token"),
    "token": ("凭证", "Token"),
    "token_hint": (
        "把领票时保存的整段文字粘贴到这里，编码栏留空。",
        "Paste the whole text that you saved when you took it, and leave the code empty.",
    ),
    "keys_hint": (
        "用键盘：Tab 键到下一行，方向键选择，空格键勾选。",
        "By keyboard: Tab moves to the next row, the arrow keys choose, the space bar ticks.",
    ),
    "grid_hint": ("每行选一个，或留在“不填”。", "One choice in each row, or leave it at \"blank\"."),
    "most": ("最多 {most} 项，可以少选或不选。", "At most {most}; fewer or none is fine."),
    "blank": ("不填", "Blank"),
    "cast": ("投票", "Cast my vote"),
    "cast_hint": ("投出后，截止前还可以重投。", "After this you may still vote again until closing."),
    "paper_hint": (
        "纸上填写：在方框里打勾，每行最多一个。除编码外不写字，不做记号。",
        "On paper: tick the boxes, at most one in a row. Write nothing but the code, make no other marks.",
    ),
    "before": ("还没有开始", "Not open yet"),
    "before_more": (
        "{opens} 开始投票。到时打开或刷新本页。请把票收好，不要给别人看编码。",
        "Voting opens at {opens}. Open or reload this page then. Keep your slip and show the code to "
        "nobody.",
    ),
    "after": ("投票已经截止", "Voting has closed"),
    "after_more": ("{closes} 已截止，不再收票。", "Voting closed at {closes}; no more ballots are taken."),
    "after_look": (
        "截止后 {minutes} 分钟内，还可以用编码查看自己的票。",
        "For {minutes} minutes after closing you may still look at your own ballot with your code.",
    ),
    "asked": ("要评的是", "What is asked"),
    # the receipt
    "received": ("已收到", "Received"),
    "received_more": ("您的票已经在票箱里。可以离开了。", "Your ballot is in the box. You may leave now."),
    "number": ("这张票的编号（前八位）", "Number of this ballot (first eight symbols)"),
    "number_use": (
        "想核对就记下来：截止以后会公布全部编号，找到它，就说明这张票计进去了。",
        "Note it if you want to check: after closing all numbers are published. Find it there, and your "
        "ballot was counted.",
    ),
    "number_keep": (
        "编号看不出您怎么选的，不过也不必告诉别人。不记也没有关系。",
        "The number does not show what you chose; still, there is no need to tell it to anybody. You may "
        "also just forget it.",
    ),
    "receipt_again": (
        "{closes} 之前可以用同一个编码再投，以最后一次为准。每次看到的都是这一页。",
        "Until {closes} you may vote again with the same code; the last ballot counts. You see this same "
        "page every time.",
    ),
    "receipt_slip": (
        "截止前请收好票：谁拿到编码，谁就能查看和改投这张票。",
        "Keep your slip until closing: whoever has the code can look at this ballot and change it.",
    ),
    "again": ("再投一次", "Vote again"),
    # looking
    "look": ("查看我的票", "Look at my ballot"),
    "look_more": (
        "输入编码，看票箱里记的是不是您选的。只显示，不改动。{closes} 截止后 {minutes} 分钟内可以查看。",
        "Enter your code and see whether the box holds what you chose. Nothing is changed. You can look "
        "until {minutes} minutes after closing ({closes}).",
    ),
    "look_alone": ("请在没有旁人时查看。", "Look when nobody stands beside you."),
    "look_button": ("查看", "Look"),
    "shown": ("票箱里的记录", "What the box holds"),
    "shown_none": ("这个编码下没有票", "Nothing lies under this code"),
    "shown_none_more": (
        "可能还没有投，也可能编码输错了。核对票上的编码再试；截止前可以去投票。",
        "Either nothing has been cast yet, or the code is mistyped. Check it against your slip and try "
        "again; until closing you can go and vote.",
    ),
    "shown_wrong": (
        "不对的话，截止前重投一次；已经截止的，马上告诉监票人。看完请关闭本页。",
        "If it is wrong, vote again before closing; after closing, tell a scrutineer at once. Close this "
        "page when you are done.",
    ),
    "shown_blank": ("全部未填，算弃权。", "All blank: an abstention."),
    "shown_void": ("这是一张纸质票，开箱时判为废票。", "This is a paper ballot that was declared void."),
    "shown_print": ("这一页不供打印。", "This page is not for printing."),
    "what": ("项目", "Item"),
    "mark": ("所选", "Choice"),
    "none_ticked": ("没有选", "None ticked"),
    # comments
    "comment": ("写意见", "Write a comment"),
    "comment_apart": (
        "意见与票分开存放，看不出是哪张票的。编码只用来核对每张票写一次。",
        "Comments are kept apart from ballots and cannot be matched with them. The code only makes sure "
        "that each ballot speaks once.",
    ),
    "comment_style": (
        "注意：笔调、口头语、只有您知道的事，都可能让人认出您。写事情，不写自己。",
        "Careful: your style, a favourite phrase, or something that only you know may give you away. Write "
        "about the matter, not about yourself.",
    ),
    "comment_shown": (
        "截止以后，满 {least} 条才公布，次序打乱；不到 {least} 条，一条也不公布。",
        "After closing they are shown only if there are at least {least}, in random order; if fewer, none "
        "is.",
    ),
    "comment_once": (
        "只能写一次，交了不能改。不写也可以。",
        "Only once, and it cannot be changed. You need not write any.",
    ),
    "comment_text": ("意见", "Comment"),
    "comment_hint": ("最多 500 字。", "At most 500 characters."),
    "comment_button": ("提交意见", "Send the comment"),
    "commented": ("意见已收到", "Comment received"),
    "commented_more": (
        "它与票分开存放，不能再改。",
        "It is kept apart from the ballots and cannot be changed.",
    ),
    # refusals: what, where, why, what to do
    "unknown": ("编码或凭证没有认出来", "The code or token was not recognized"),
    "unknown_where": ("“编码”或“凭证”一栏", "The field for the code or the token"),
    "unknown_why": (
        "只认本次评议的票；25 位中错一位也不行。",
        "Only slips and tokens of this evaluation count, and one wrong symbol of 25 is too many.",
    ),
    "unknown_remedy": (
        "对着票再输一遍，最好扫二维码。还不行，请找监票人换票，不用说姓名。",
        "Type it again from the slip, or better, scan the slip. If that fails, ask a scrutineer for another "
        "slip; you need not give a name.",
    ),
    "marks": ("有的勾选不合要求", "A mark does not fit the sheet"),
    "marks_where": ("填写的各行", "The rows of the sheet"),
    "marks_why": (
        "每行只能选一个；限定项数的，不能多选。",
        "One choice in a row, and where a number is set, no more than that.",
    ),
    "marks_remedy": (
        "请检查限定项数的部分，去掉多选的，再投一次。",
        "Check the parts with a limit, take away what is too much, and vote again.",
    ),
    "too_large": ("提交的内容太大", "What was sent is too large"),
    "too_large_where": ("整页表单", "The whole form"),
    "too_large_why": (
        "票箱只收本页填好的票，不收别的内容。",
        "The box takes only a sheet filled in on its own page.",
    ),
    "too_large_remedy": ("请回到投票页重新填写。", "Go back to the voting page and fill it in again."),
    "closed": ("投票已经截止", "Voting has closed"),
    "closed_where": ("投票时间", "The time of voting"),
    "closed_why": (
        "{closes} 截止，之后不再收票。截止前投的照常计入。",
        "It ended at {closes}; later ballots are not taken. What was cast before counts.",
    ),
    "closed_remedy": (
        "可以查看自己的票。有疑问请找监票人。",
        "You may look at your own ballot. For questions ask a scrutineer.",
    ),
    "not_open": ("还没有开始", "Not open yet"),
    "not_open_where": ("投票时间", "The time of voting"),
    "not_open_why": ("{opens} 才开始收票。", "Ballots are taken from {opens} on."),
    "not_open_remedy": ("请到时再投，票先收好。", "Come back then, and keep your slip."),
    "busy": ("这张票没有存上", "The ballot was not stored"),
    "busy_where": ("票箱的存储", "The storage of the box"),
    "busy_why": (
        "票要写进磁盘才算收到；现在写不进去。",
        "A ballot is received only when it is on the disk, and now it cannot be written.",
    ),
    "busy_remedy": (
        "请过一分钟再投。还不行，告诉监票人，可以改投纸票。",
        "Try again in a minute. If it fails again, tell a scrutineer; you can vote on paper.",
    ),
    "look_over": ("查看时间已过", "The time for looking is over"),
    "look_over_where": ("查看我的票", "Looking at a ballot"),
    "look_over_why": (
        "截止 {minutes} 分钟后不再显示任何一张票。",
        "{minutes} minutes after closing no ballot is shown any more.",
    ),
    "look_over_remedy": (
        "可以用收到的编号前八位，在公布的编号中核对。",
        "You can check the first eight symbols of your number against the published list.",
    ),
    "spoken": ("这条意见没有收下", "This comment was not taken"),
    "spoken_where": ("“意见”一栏", "The field for the comment"),
    "spoken_why": ("每个编码只能写一次，1 至 500 字。", "Each code may write once, 1 to 500 characters."),
    "spoken_remedy": (
        "没写过的，请检查字数再交；写过的不能再改。",
        "If you have not written yet, check the length and send it again; what was sent stays as it is.",
    ),
    "no_page": ("没有这一页", "There is no such page"),
    "no_page_where": ("地址栏", "The address"),
    "no_page_why": (
        "票箱只有投票、查看、意见、说明几页。",
        "The box has pages to vote, look, comment and explain, and no other.",
    ),
    "no_page_remedy": ("请从下面的链接进入。", "Use the links below."),
    # about
    "about": ("票箱能保证什么，不能保证什么", "What the box can and cannot promise"),
    "does": ("怎么做的", "How it works"),
    "does_1": (
        "纸票的编码是监票人的电脑随机造的，印完就忘；票由您自己抽。谁抽了哪张，没有人记。",
        "The computer of the scrutineers makes the codes at random, prints them and forgets them; you draw "
        "your slip yourself. Nobody notes who drew which.",
    ),
    "does_2": (
        "用电子凭证的，凭证蒙着盖章：主系统知道谁领过，票箱只见到凭证，两边对不上。",
        "A token is stamped blindfold: the main system knows who took one, the box sees only the token, and "
        "the two cannot be matched.",
    ),
    "does_3": (
        "票箱是单独的小程序，没有账号，不留访问记录。",
        "The box is a small program apart, without accounts and without a record of visits.",
    ),
    "does_4": (
        "截止时票箱封存。少一张、多一张、封存后改一张，监票人用另一台电脑都能算出来。",
        "At closing the box is sealed. A ballot dropped, added, or changed after that is found by the "
        "scrutineers on another computer.",
    ),
    "does_5": (
        "监票人事先混进几张校验票，截止后当众核对，用来发现封存前的改动。",
        "Scrutineers mix in a few test ballots and check them in public after closing, to find changes made "
        "before the seal.",
    ),
    "does_6": (
        "结果公布以后，编号与票面的对应关系删除。",
        "When the result has been published, what links numbers to ballots is erased.",
    ),
    "told": ("公布什么", "What is published"),
    "told_1": (
        "只公布每一类的汇总，用区间表示，不公布准确票数；单张票从不公布。",
        "Only sums for each class of voters, as ranges and never as exact counts; no single ballot is ever "
        "published.",
    ),
    "told_2": (
        "一类有效票不足 {least} 张的，并入方案指定的一类；仍然不足的，什么也不公布。",
        "A class with fewer than {least} valid ballots is joined with another that the plan names; if there "
        "are still too few, nothing is shown.",
    ),
    "told_3": ("截止以前，票箱不显示任何结果。", "Until closing the box shows no result to anybody."),
    "told_4": (
        "监票人核对时能看到一张张不记名的票，看不到是谁、什么时候投的。",
        "When they check, the scrutineers see the sheets without names; they do not see whose they are, nor "
        "when they were cast.",
    ),
    "cannot": ("不能保证的", "What it cannot promise"),
    "cannot_1": (
        "管服务器的人如果偷改程序、又查无线网络的记录，可能把手机和投票时间对上。",
        "Whoever runs the server, if they secretly change the program and have the log of the wireless "
        "network, may match a phone with a time.",
    ),
    "cannot_1_do": (
        "担心的话，用会场的公用电脑，或投纸票。",
        "If you fear that, use the shared computer in the hall, or paper.",
    ),
    "cannot_2": (
        "有人逼您把票交出来，或在截止前最后一刻盯着您投，票箱拦不住。",
        "It cannot help if somebody takes your slip, or watches you in the very last minute.",
    ),
    "cannot_2_do": ("其余时候，可以过后自己重投。", "At any other time, vote again later on your own."),
    "cannot_3": (
        "摄像头、指纹、票上做的记号，票箱看不见。",
        "It cannot see cameras, fingerprints, or marks made on slips.",
    ),
    "cannot_3_do": (
        "抽票前可以自己把票洗乱；不拍照。",
        "Shuffle the slips yourself before you draw; take no pictures.",
    ),
    "cannot_4": (
        "封存前只改很少几张票，校验票又没碰上，也没有人查看自己的票，就可能发现不了。",
        "If very few ballots are rewritten before the seal, no test ballot is hit, and nobody looks, it may "
        "stay unnoticed.",
    ),
    "cannot_4_do": (
        "所以请查看自己的票：查的人越多，越改不了。",
        "So look at your own ballot: the more do, the less can be changed.",
    ),
    "cannot_5": (
        "全部监票人串通，或人数很少、意见完全一致时，藏不住。",
        "Nothing can be hidden if all scrutineers conspire, or if a group is very small or entirely of one "
        "mind.",
    ),
    "cannot_5_do": ("人少的类别已经合并或不公布。", "Small classes are joined or not shown."),
    "cannot_6": (
        "领电子凭证的网页来自服务器；磁盘上可能留有残迹。",
        "The page that takes a token comes from the server, and a disk may keep traces.",
    ),
    "cannot_6_do": ("能到会场的，抽纸票。", "If you can come to the hall, draw a slip."),
    "facts": ("本次评议", "This evaluation"),
    "fact_code": ("编号", "Number"),
    "fact_times": ("投票时间", "Time of voting"),
    "span": ("{span}", "{span}"),
    "fact_classes": ("票类", "Classes of voters"),
    "fact_class": ("应到 {expected} 人，占 {weight}%", "{expected} entitled, weight {weight} %"),
    "fact_scrutineers": ("监票人", "Scrutineers"),
    "fact_none": ("未列", "none named"),
    "fact_digest": ("评议方案指纹", "Fingerprint of the plan"),
    "fact_digest_use": (
        "与墙上告示逐组对照：一致，就说明方案没有被换过。",
        "Compare it with the notice on the wall, group by group: if they agree, the plan has not been "
        "exchanged.",
    ),
}  # fmt: skip

REFUSALS = ("unknown", "marks", "too_large", "closed", "not_open", "busy", "look_over", "spoken", "no_page")
"""What a page may be refused for; each has `…_where`, `…_why` and `…_remedy`."""

TERMS: dict[str, str] = {
    "德": "Virtue", "能": "Ability", "勤": "Diligence", "绩": "Results", "廉": "Integrity",
    "优秀": "Excellent", "称职": "Competent", "基本称职": "Basically competent", "不称职": "Incompetent",
    "合格": "Qualified", "基本合格": "Basically qualified", "不合格": "Unqualified",
    "不了解": "Not familiar", "良好": "Good", "一般": "Fair", "较差": "Poor", "好": "Good",
    "较好": "Fairly good", "差": "Poor",
    "认同": "Endorse", "基本认同": "Mostly endorse", "不认同": "Do not endorse",
    "满意": "Satisfied", "基本满意": "Mostly satisfied", "不满意": "Dissatisfied",
    "同意": "Agree", "不同意": "Disagree", "政治素质": "Political quality",
    "政治思想建设": "Political and ideological work", "领导能力": "Leadership", "工作实绩": "Actual results",
    "党风廉政建设": "Integrity of the Party", "作风建设": "Conduct of work", "总体评价": "Overall",
}  # fmt: skip
"""What usual items and options mean; beside the Chinese word, which is the one that counts."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def say(language: Language, key: str, **values: object) -> str:
    """The words of a key with its gaps filled: plain text, not yet escaped."""
    return WORDS[key][LANGUAGES.index(language)].format(**values)


def moment(language: Language, time: datetime) -> str:
    """A time by the clock it was written with."""
    if language == "zh":
        return f"{time.year}年{time.month}月{time.day}日 {time:%H:%M}"
    return f"{time:%H:%M} on {time.day} {MONTHS[time.month - 1]} {time.year}"


def span(language: Language, start: datetime, end: datetime) -> str:
    """From when to when; the day is said once where it is the same."""
    if start.date() != end.date():
        return f"{moment(language, start)} – {moment(language, end)}"
    return (
        f"{moment(language, start)}–{end:%H:%M}"
        if language == "zh"
        else f"{start:%H:%M} to {moment(language, end)}"
    )
