"""The words of the desk (收箱工作台) by key, in Chinese and English, like `words`: for the desk."""

from __future__ import annotations

from shigan.box import words
from shigan.box.phases import NAMES, Phase
from shigan.box.words import LANGUAGES, Language

DESK: dict[str, tuple[str, str]] = {
    # every page of the desk
    "desk": ("收箱工作台", "The desk"),
    "desk_of": ("{role} · 收箱工作台", "{role} · the desk"),
    "role_scrutineer": ("监票人", "Scrutineer"),
    "role_a": ("录票员甲", "Clerk A"),
    "role_b": ("录票员乙", "Clerk B"),
    "not_done": ("没有办成", "Not done"),
    "state": ("票箱现在：", "The box now: "),
    "state_now": ("{phase}。投票时间：{span}。", "{phase}. Voting: {span}."),
    "key": ("工作台口令", "Key of the desk"),
    "key_hint": (
        "开箱电脑的终端上有三个口令：监票人、录票员甲、录票员乙各一个。本页不用 Cookie，口令只随表单提交。",
        "The terminal of the box's computer shows three: for the scrutineers, clerk A and clerk B. There "
        "are no cookies; the key goes along with each form.",
    ),
    "enter": ("进入", "Enter"),
    "back_to_desk": ("返回工作台", "Back to the desk"),
    "refresh": ("刷新进度", "Refresh"),
    # the line of steps
    "steps": ("收箱步骤", "Steps of the closing"),
    "step_close": ("截止", "Close"),
    "step_paper": ("录纸票", "Paper"),
    "step_counts": ("清点", "Counts"),
    "step_seal": ("封箱", "Seal"),
    "step_canaries": ("校验票", "Canaries"),
    "step_sign": ("核验签名", "Sign"),
    "step_shares": ("分存份额", "Shares"),
    "step_erase": ("清除", "Erase"),
    "step_past": ("已办完", "done"),
    "step_here": ("现在", "now"),
    "step_later": ("待办", "to come"),
    "step_title": ("第 {number} 步，共 8 步：{name}", "Step {number} of 8: {name}"),
    "present": ("应在场", "Present"),
    "present_close": ("一名监票人", "one scrutineer"),
    "present_paper": (
        "录票员甲、乙各用一台电脑；一名监票人复核不一致的票",
        "clerks A and B, each at a computer; one scrutineer for sheets that differ",
    ),
    "present_counts": ("至少两名监票人，当面清点", "at least two scrutineers, counting together"),
    "present_seal": ("至少两名监票人", "at least two scrutineers"),
    "present_canaries": (
        "投过校验票的监票人；可请投票人代表旁观",
        "those who cast the canaries; voters may watch",
    ),
    "present_sign": (
        "至少 {needed} 名监票人，带各自的签名密钥",
        "at least {needed} scrutineers with their signing keys",
    ),
    "present_shares": ("三名份额保管人，逐一上前抄写", "the three holders, one after another"),
    "present_erase": ("至少两名监票人", "at least two scrutineers"),
    # close
    "close_wait": (
        "投票还没有截止。{closes} 到时自动截止，不能提前。",
        "Voting is not over. It closes by itself at {closes} and cannot be closed before.",
    ),
    "close_button": ("看看是否已截止", "See whether it is closed"),
    # paper
    "paper_alone": ("只录了一次", "keyed once"),
    "paper_agreed": ("两次一致", "both alike"),
    "paper_differ": ("两次不同", "differ"),
    "paper_settled": ("复核已定", "settled"),
    "paper_more": (
        "甲、乙各录一遍，互相看不到；两次一致才计入。同一编码网上投过的，以纸票为准。没有纸票就直接进入下一"
        "步。",
        "Each clerk keys every sheet without seeing the other's. Two equal readings count, and go before "
        "what was cast on a screen with the same code. Without paper go straight on.",
    ),
    "paper_third": (
        "有 {count} 张两次录入不同，请监票人对照纸票复核：",
        "Sheets that differ: {count}. Read them a third time:",
    ),
    "paper_next": ("纸票录完，去清点", "Paper is finished; go on"),
    "paper_open": (
        "还有 {alone} 张只录了一次、{differ} 张两次不同",
        "sheets keyed once: {alone}, differing: {differ}",
    ),
    "paper_open_do": (
        "请录票员补录，不一致的由监票人复核。",
        "Let the clerks go on; read the differing ones.",
    ),
    "clerk": ("录入纸票", "Key the paper sheets"),
    "clerk_early": ("投票截止后才能录入纸票。{closes} 截止。", "Paper is keyed after closing, at {closes}."),
    "clerk_over": (
        "票箱已封，纸票不再录入。谢谢，可以离开了。",
        "The box is sealed and takes no more paper. Thank you.",
    ),
    "clerk_done": ("您已录入 {count} 张。", "Sheets you have keyed: {count}."),
    "clerk_code": ("纸票上的编码", "Code on the sheet"),
    "clerk_code_hint": (
        "扫票上的二维码，或照着输入后回车。扫码枪请切到英文输入。",
        "Scan the slip, or type the code and press Enter.",
    ),
    "clerk_open": ("打开票面", "Open the sheet"),
    "clerk_sheet": ("照纸票勾选", "Tick as on the sheet"),
    "clerk_sheet_for": ("票码 {code}", "Code {code}"),
    "clerk_key": ("录入", "Key it"),
    "clerk_void": ("作废", "Void"),
    "clerk_void_hint": (
        "一行勾了两个、超过限定项数、写了字或做了记号的，按“作废”。",
        "Press Void where a row has two ticks, too many are ticked, or something is written.",
    ),
    "clerk_drop": ("不录这张", "Leave this one"),
    "said_alone": ("已录入，等另一人录。", "Keyed; the other clerk's reading is missing."),
    "said_agreed": ("已录入，与另一人一致。", "Keyed; both readings agree."),
    "said_differ": (
        "已录入，与另一人不同：请把这张票交监票人复核。",
        "Keyed, but the readings differ: hand it to a scrutineer.",
    ),
    "said_settled": ("复核已定。", "Settled by the third reading."),
    # counts
    "counts_more": (
        "照签到册和剩余的票，逐类填实数。剪角的剩票也要数。",
        "Enter for each class what the roll and the slips left over say.",
    ),
    "count_present": ("实到人数", "Present"),
    "count_handed": ("发出票数", "Slips handed out"),
    "count_unused": ("剩余票数", "Slips left"),
    "count_issued": ("领取网上票数", "Tokens taken"),
    "count_issued_hint": ("票箱签出 {count} 张", "the box signed {count}"),
    "counts_class": (
        "{name}：应到 {expected}，制票 {slips}，校验票 {canaries}",
        "{name}: {expected} entitled, {slips} slips, {canaries} canaries",
    ),
    "counts_button": ("对账", "Check the sums"),
    "counts_bad": ("有的数没有填，或不是整数", "a count is missing or no whole number"),
    "counts_bad_do": ("请逐格填写 0 或正整数。", "Fill every field with 0 or more."),
    "balance": ("各类票对账", "The sums by class"),
    "balance_class": ("票类", "Class"),
    "balance_sum": ("制票 = 发出 + 剩余 + 校验票", "Made = handed out + left + canaries"),
    "balance_people": ("应到 / 实到 / 发出 + 网上", "entitled / present / handed out + tokens"),
    "balance_verdict": ("结论", "Verdict"),
    "balance_ok": ("对平", "adds up"),
    "balance_off": ("差 {by}", "off by {by}"),
    "balance_many": ("多于应到", "more than entitled"),
    # seal
    "seal_more": (
        "封箱后，哪怕改动一张票，封箱编码都会对不上。请把封箱单打印出来，监票人签字。",
        "After this not one ballot can be changed without the seal telling. Print the sheet and sign it.",
    ),
    "seal_button": ("封箱", "Seal the box"),
    "counts_again": ("改清点数", "Change the counts"),
    "paper_again": ("回到录纸票", "Back to the paper"),
    "root": ("封箱编码（树根）", "The seal (root)"),
    "root_more": (
        "共 {leaves} 张票。念出来、抄下来、挂出去都可以，它不透露任何一张票。",
        "{leaves} ballots. It may be read aloud and hung up; it tells nothing of any ballot.",
    ),
    "sealed_done": ("已封箱。", "The box is sealed."),
    # canaries
    "look_until": (
        "投票人可在 {until} 前查看自己的票；有人说不对，先查清再往下办。",
        "Voters may look at their own ballots until {until}. If one is wrong, find out before you go on.",
    ),
    "look_past": ("查看期已在 {until} 结束。", "The time for looking ended at {until}."),
    "canaries_more": (
        "打开事先封好的校验票文件 canaries.json：票箱先核对它与公示的承诺一致，再逐张比对，然后剔除，开始计"
        "票。",
        "Open the canaries' file: it must fit what was committed to; its ballots are compared, taken out, "
        "and the count is made.",
    ),
    "canaries_none": ("本次没有校验票，直接计票。", "There are no canaries; the count is made at once."),
    "canaries_file": ("校验票文件 canaries.json（{count} 张）", "The file canaries.json ({count} canaries)"),
    "or_paste": ("或把文件内容粘贴在这里", "or paste what the file says"),
    "canaries_button": ("核对并计票", "Check them and count"),
    "canaries_good": (
        "{cast} 张校验票全部原样在箱。",
        "All {cast} canaries are in the box as they were cast.",
    ),
    "canaries_bad": (
        "{cast} 张校验票中有 {wrong} 张不见了或被改过！请停止，保留现场，报纪检监察机关。",
        "{wrong} of {cast} canaries are missing or changed! Stop, keep everything, and report it.",
    ),
    "caught_more": (
        "有 {canaries} 张校验票时，封箱前若有人改动以下张数的票，至少碰上一张校验票的可能：",
        "With {canaries} canaries, the chance that rewriting so many ballots before the seal hits one:",
    ),
    "caught_count": ("改动张数", "Ballots rewritten"),
    "caught_chance": ("被发现的可能", "Chance of being found"),
    "caught_none": (
        "没有校验票：封箱前的改动只能靠投票人查看自己的票和纸票复点发现。",
        "Without canaries a change before the seal shows only if voters look or paper is counted again.",
    ),
    # result and signatures
    "result": ("计票结果", "The count"),
    "result_counts": ("各类票数", "Ballots by class"),
    "c_expected": ("应到", "Entitled"),
    "c_present": ("实到", "Present"),
    "c_handed": ("发出", "Handed out"),
    "c_tokens": ("网上票", "Tokens"),
    "c_returned": ("收回", "Returned"),
    "c_valid": ("有效", "Valid"),
    "c_blank": ("弃权", "Abstained"),
    "c_void": ("作废", "Void"),
    "result_paper": ("其中纸票 {paper} 张。", "{paper} of them on paper."),
    "group": ("{names}（有效 {valid} 张）", "{names} ({valid} valid)"),
    "group_nothing": (
        "有效票不足 {least} 张，什么也不公布。",
        "Fewer than {least} valid ballots: nothing is told.",
    ),
    "group_upper": ("“{options}”的占比", "Share of {options}"),
    "group_best": ("“{options}”的占比", "Share of {options}"),
    "group_ticked": ("得票占比", "Share of ballots"),
    "group_alike": (
        "全部勾得一样的票：{share}。照常计入。",
        "Sheets alike in every cell: {share}; they count.",
    ),
    "from_to": ("{low}–{high}%", "{low}–{high}%"),
    "who_judged": ("被评议人", "Who"),
    "sign_more": (
        "用监票人自己的电脑核验，不要用这一台：下载 bundle.json 和 verifier.html，断网打开 verifier.html 选"
        " bundle.json；或运行 shigan box verify bundle.json。全部相符，各人用 shigan box sign 签名，把签名"
        "文件交到这里。",
        "Check on a computer of your own: save bundle.json and verifier.html, open the latter without "
        "network; or run `shigan box verify bundle.json`. If all is well, sign with `shigan box sign` and "
        "hand in the files.",
    ),
    "sign_files": (
        "签名文件，至少 {needed} 个（可多选）",
        "Signature files, at least {needed} (choose several)",
    ),
    "sign_button": ("公布结果", "Publish the result"),
    "sign_bad": (
        "第 {number} 个签名对不上这份结果，或不是公示的监票人",
        "signature {number} does not fit this result or is no named scrutineer's",
    ),
    "sign_bad_do": ("请监票人对 result.json 重新签名。", "Sign result.json again."),
    "published_done": ("结果已公布。", "The result is published."),
    # shares
    "shares_more": (
        "清除前，把不带编号的票面加密留存，供申诉复核。钥匙拆成三份，任两份能打开；份额只显示这一次，票箱不"
        "保存。",
        "Before erasing, the sheets without numbers are kept encrypted for appeals. The key is split in "
        "three, any two open it. The shares are shown once and written nowhere.",
    ),
    "shares_button": ("生成三份份额", "Make the three shares"),
    "shares_again": ("份额没抄好，重新生成（旧份额作废）", "Make new shares (the old ones die)"),
    "shares_title": ("申诉密钥份额", "Shares of the appeal key"),
    "share": ("第 {number} 份，共 3 份", "Share {number} of 3"),
    "share_more": (
        "打开 rows.sealed 需要任意两份。请密封保管，申诉期满后销毁。",
        "Any two open rows.sealed. Keep it sealed; destroy it when the time for appeals is over.",
    ),
    "shares_once": (
        "只显示这一次。打印时每份一张，分别交给三人；离开本页就再也看不到。",
        "Shown once. Each prints on its own sheet; when you leave this page they are gone.",
    ),
    "shares_next": ("三人都拿好了，去清除", "All three have theirs; go on"),
    # erase
    "erase_more": (
        "清除以后，票箱里不再有任何一张票，编号也对不回票面。以下文件请先确认已经下载：",
        "After this no ballot is left in the box, and no number leads to a sheet. Make sure that these are "
        "saved:",
    ),
    "erase_sure": (
        "核验包和结果已由监票人保存，三份份额已交清，同意清除",
        "The scrutineers hold bundle, result and shares; erase",
    ),
    "erase_unsure": ("没有勾选确认", "the confirmation is not ticked"),
    "erase_unsure_do": ("请先确认，再清除。", "Tick it first."),
    "erase_no_rows": ("还没有生成份额", "there are no shares yet"),
    "erase_no_rows_do": ("请先办上一步。", "Do the step before."),
    "erase_button": ("永久清除", "Erase for good"),
    # done
    "done": ("收箱办完了", "The closing is done"),
    "done_gone": ("已清除", "Erased"),
    "done_gone_1": (
        "全部选票、盐值、领票凭证、纸票录入记录和意见",
        "all ballots, salts, tokens, keyed paper and comments",
    ),
    "done_gone_2": ("核验包和校验票文件（票箱里的那份）", "the box's copies of the bundle and the canaries"),
    "done_gone_3": ("发票私钥（截止时已销毁）", "the token keys (at closing)"),
    "done_left": ("留下的（文件夹 {folder}）", "Left (folder {folder})"),
    "done_left_1": ("result.json：公布的结果，交办公室记入台账", "result.json: the result, for the office"),
    "done_left_2": ("included.json：计入编号表，供投票人核对", "included.json: the list of numbers"),
    "done_left_3": ("signature-….json：监票人签名", "signature-….json: the signatures"),
    "done_left_4": (
        "rows.sealed：加密的票面，申诉期满后运行 shigan box forget 清除",
        "rows.sealed: the encrypted sheets; after the time for appeals run `shigan box forget`",
    ),
    "done_disk": (
        "磁盘底层可能留有残迹，票箱电脑应整盘加密。",
        "A disk may keep traces below the file system: encrypt the whole disk.",
    ),
    # files and prints
    "files": ("文件和打印", "Files and prints"),
    "files_more": (
        "bundle.json 含全部单张票面，只给监票人，核验后妥善保管。",
        "bundle.json holds every sheet: for scrutineers only.",
    ),
    "save": ("下载 {name}", "Save {name}"),
    "print_checkpoint": ("打印封箱单", "Print the sealing sheet"),
    "print_margins": ("打印准确票数（供评议机构内部使用）", "Print exact counts (for the reviewing body)"),
    "checkpoint": ("封箱单", "Sealing sheet"),
    "checkpoint_time": ("打印时间", "Printed"),
    "checkpoint_leaves": ("在箱票数", "Ballots in the box"),
    "checkpoint_commitment": ("校验票承诺", "Commitment to the canaries"),
    "checkpoint_none": ("无", "none"),
    "checkpoint_sign": ("监票人签字", "Signatures"),
    "checkpoint_hand": ("签字", "Signature"),
    "checkpoint_date": ("日期", "Date"),
    "margins": ("各项准确票数", "Exact counts"),
    "margins_only": (
        "供评议机构内部使用，不公布，不复印",
        "For the reviewing body only; not to be published or copied",
    ),
    "margins_few": (
        "有效票不足 {least} 张的类别不列。",
        "Groups of fewer than {least} valid ballots are left out.",
    ),
    "by_print": ("用浏览器的打印（Ctrl+P）。", "Print with Ctrl+P."),
    # the public list
    "included": ("计入的票", "Ballots that were counted"),
    "included_more": (
        "以下是箱内全部 {count} 张票的编号前八位，按编号排列，与投票先后无关。按 Ctrl+F 找您记下的编号：找"
        "到，就说明这张票在箱里。",
        "The first eight symbols of all {count} ballots in the box, sorted by number, not by time. Press "
        "Ctrl+F and look for yours: if it is here, your ballot is in the box.",
    ),
    "included_not": (
        "找不到，请马上告诉监票人，不用说怎么选的。",
        "If it is missing, tell a scrutineer at once, not how you voted.",
    ),
    "included_json": (
        "下载 included.json，可自行重算封箱编码",
        "Save included.json to recompute the seal yourself",
    ),
    "included_early": (
        "封箱以后，这里列出全部计入的票的编号。",
        "After the sealing all numbers are listed here.",
    ),
    # refusals of the desk itself
    "not_yours": ("这一步由{role}办理", "this step belongs to: {role}"),
    "not_yours_do": ("请用{role}的口令进入。", "Enter with that key."),
    "not_now": (
        "票箱现在是“{phase}”，这一步现在不能办",
        "the box stands at: {phase}; this step cannot be done now",
    ),
    "not_now_do": ("页面已更新，请看当前步骤。", "The page shows the step that is next."),
    "no_disk": ("写不进磁盘", "the disk cannot be written"),
    "no_disk_do": (
        "请检查磁盘空间，然后再办一次；没有办成一半的事。",
        "Make room and do it again; nothing was half done.",
    ),
}  # fmt: skip

STEPS = ("close", "paper", "counts", "seal", "canaries", "sign", "shares", "erase")


def say(language: Language, key: str, **values: object) -> str:
    """The words of a key of the desk, else of the voters' pages, with its gaps filled."""
    if key not in DESK:
        return words.say(language, key, **values)
    return DESK[key][LANGUAGES.index(language)].format(**values)


def phase_name(language: Language, phase: Phase) -> str:
    """Where the box stands, in words."""
    return NAMES[phase][LANGUAGES.index(language)]
