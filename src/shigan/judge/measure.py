"""The closed list of measures: what each figure is, how it is computed, and which policy numbers it uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shigan.facts.faults import _


@dataclass(frozen=True, slots=True)
class Measure:
    """`words` says in one Chinese sentence how it is computed; `numbers` are places in the rule book."""

    title: str
    unit: str
    words: str
    numbers: tuple[str, ...] = ()
    source: str = ""


WILSON = "Wilson (1927), JASA 22:209–212"
BINOMIAL = "Clopper & Pearson (1934), Biometrika 26:404–413"
RATERS = (
    "McCullagh (1980), J. R. Stat. Soc. B 42:109–142; Wang & Wilson (2005), Appl. Psych. Meas. 29:296–318"
)
ORDER = _("次序统计量的二项区间")
BOX = (
    "publication.nothing_below",
    "publication.shares_from",
    "publication.fewest",
    "publication.coarse_step",
)

_PROBLEMS = {
    "problems.raised": Measure(_("新提问题"), "件", _("本年提出、由该单位负责整改的问题数。")),
    "problems.open": Measure(_("未了结问题"), "件", _("截至统计日尚未销号、也未作未解决了结的问题数。")),
    "problems.overdue": Measure(_("超期问题"), "件", _("未了结问题中，已过完成期限（含批准的延期）的件数。")),
    "problems.fixed": Measure(
        _("已解决问题"), "件", _("本年经其他单位的人核验已解决、至今没有反弹或重新打开的问题数；申报不算。")
    ),
    "problems.dropped": Measure(
        _("未解决了结"), "件", _("本年没有解决而从清单上了结的问题数，与“已解决”分开计。")
    ),
    "problems.first_check": Measure(
        _("首次核验解决率"),
        "%",
        _("本年第一次核验的问题中，当次判定已解决的比例；附 Wilson 区间。"),
        ("appraisal.confidence",),
        WILSON,
    ),
    "problems.sent_back": Measure(_("退回次数"), "次", _("本年核验结论为“部分解决”或“未解决”的次数。")),
    "problems.relapse": Measure(
        _("反弹率"),
        "%",
        _("本年回头看过的问题中，发现反弹的比例；附 Wilson 区间。没有回头看的不算作未反弹。"),
        ("problems.look_back_months", "appraisal.confidence"),
        WILSON,
    ),
    "problems.days": Measure(
        _("解决用时"),
        "日",
        _("本年已解决的问题，从提出到最后一次核验已解决的日数的中位数；附次序统计量区间。"),
        ("appraisal.confidence",),
        ORDER,
    ),
    "problems.paper": Measure(
        _("疑似纸面整改"),
        "件",
        _(
            "进展和销号申报中，八成以上文字照抄本问题的措施、以前的进展或本单位其他问题的件数；"
            "申报照用已报的进展不算。只提示核实，不作定性。"
        ),
    ),
}

_LATENESS = {
    "late.share": Measure(
        _("补录占比"),
        "%",
        _("发生后超过规定日数才记入的条目所占比例；附 Wilson 区间。"),
        ("ledger.late", "ledger.late_by_kind", "appraisal.late.share_asked", "appraisal.confidence"),
        WILSON,
    ),
    "late.happened": Measure(_("按发生月"), "条", _("各月发生的事项数，共十二格。")),
    "late.recorded": Measure(
        _("按记入月"), "条", _("各月记入的事项数，共十二格；与发生月对照，可见集中补记。")
    ),
    "late.rush": Measure(
        _("年末突击"),
        "倍",
        _("年末月份日均记入的实绩、进展、申报和任务事项，是其余在用日子日均的几倍；区间由精确二项区间换算。"),
        ("appraisal.rush.months", "appraisal.rush.factor", "appraisal.rush.minimum", "appraisal.confidence"),
        BINOMIAL,
    ),
}

_RESULTS = {
    "results.outcome": Measure(
        _("结果指标"),
        "",
        _("该指标全年各次登记的加权平均，补录的按规定减权；与同一考核单元的中位数和四分位数对照。"),
        ("appraisal.late.weight", "appraisal.group_minimum"),
    ),
    "results.process": Measure(
        _("过程指标"),
        "",
        _("算法同结果指标；开会、发文、台账一类只反映做了什么，不反映做成什么。"),
        ("appraisal.late.weight", "appraisal.group_minimum"),
    ),
    "results.other": Measure(
        _("方案外实绩"), "条", _("登记了而考核方案没有的指标，只列条数和依据，不与同类比较。")
    ),
    "results.area": Measure(
        _("领域位置"),
        "位",
        _(
            "各指标逐月在同组中所处位置（0 最低、50 居中、100 最高）的加权平均；补录减权，过程类不超上限。"
            "区间取两者中较宽的：同组对象少（Wilson）、各月位置有波动；指标之间按完全相关计，宁宽勿窄。"
        ),
        ("appraisal.process_cap", "appraisal.late.weight", "appraisal.group_minimum", "appraisal.confidence"),
        WILSON,
    ),
    "results.contradiction": Measure(
        _("矛盾提示"),
        "",
        _(
            "有逐张票的：实绩与测评相差超出各自误差、同组一并检验后仍在时，提示核实；只有合计票数的：测评低于同组"
            "下四分位而实绩处于上四分位（或相反）时，提示核实。是问题，不是结论。"
        ),
        ("appraisal.confidence",),
    ),
}

_EVALUATION = {
    "evaluation.share": Measure(
        _("测评票数"),
        "%",
        _("某类票中选某一等次的票占有效票的比例（各测评项目平均）；人数少时按规定只给分档或不给。"),
        ("publication.nothing_below", "publication.shares_from", "publication.bands", "appraisal.confidence"),
        WILSON,
    ),
    "evaluation.class": Measure(
        _("分类票均值"),
        "分",
        _(
            "该类票按方案分值的平均（不了解、弃权不计）；区间按票数计算，同一张票各项目视为完全相关，宁宽勿窄。"
        ),
        ("schemes", "publication.nothing_below", "appraisal.confidence"),
        "Brown, Cai & DasGupta (2001), Statistical Science 16:101–133",
    ),
    "evaluation.mean": Measure(
        _("测评加权均值"),
        "分",
        _(
            "各类票均值按方案权重的加权平均及其区间；不足最少人数的票类不计，权重由其余票类分担。只在同组内比较。"
        ),
        ("schemes", "publication.nothing_below", "appraisal.confidence"),
        "Zou & Donner (2008), Statistics in Medicine 27:1693–1702",
    ),
    "evaluation.alarm": Measure(
        _("低档票提示"),
        "%",
        _("低档（方案后一半等次）票占计分票的比例达到规定界线时，提示核实。"),
        ("appraisal.alarm", "publication.nothing_below"),
    ),
    "evaluation.misfit": Measure(
        _("读不出的票数"), "行", _("票数的栏数多于方案选项的，不计入并列出。"), ("schemes",)
    ),
    "evaluation.groups": Measure(
        _("不可区分的各组"),
        "组",
        _("测评区间首尾相连的人归为一组；组和组内都按编号排列，不分先后。"),
        ("appraisal.confidence",),
    ),
    "evaluation.alike": Measure(
        _("不可区分"),
        "人",
        _("同组中测评区间与本人重叠的人：现有票数分不出高低。"),
        ("appraisal.confidence",),
    ),
    "evaluation.adjusted": Measure(
        _("调整后测评"),
        "分",
        _(
            "由逐张票读出：假定由全县一名宽严适中的人来评，平均会给多少分；剔除了各人宽严、整张印象、随意填写和"
            "成批票型的影响，没有哪张票的分量高过普通的一票；括号内是区间。"
        ),
        ("schemes", "publication.nothing_below", "publication.shares_from", "appraisal.confidence"),
        RATERS,
    ),
    "evaluation.naive": Measure(
        _("照单全收的读数"),
        "分",
        _("同一算法，但每张票都当作如实填写；与调整后测评相差很大时，先看票型。"),
        ("schemes", "publication.nothing_below", "publication.shares_from", "appraisal.confidence"),
        RATERS,
    ),
    "evaluation.standing": Measure(
        _("本单位内的位置"),
        "",
        _(
            "按误差反复推演，看是否总在本单位前五分之一：把握够大的才说在或不在，其余一律不可区分；"
            "组的字母相同的两人，现有票数分不出高低，字母本身没有高低。"
        ),
        ("appraisal.confidence", "appraisal.group_minimum"),
        "Piepho (2004), J. Comput. Graph. Stat. 13:456–466",
    ),
    "evaluation.fused": Measure(
        _("测评与实绩合读"),
        "分",
        _(
            "第二种读法：调整后测评与逐月平均的实绩位置，按各自的精确程度加权；实绩有多可靠，由单月与双月是否一致得出。"
            "只并排看，不代替测评。"
        ),
        ("schemes", "publication.nothing_below", "appraisal.process_cap", "appraisal.confidence"),
        "Cochran (1937), J. R. Stat. Soc. Suppl. 4:102–118; Spearman (1910), Br. J. Psychol. 3:271–295",
    ),
    "evaluation.sheets": Measure(
        _("票面情况"),
        "",
        _(
            "一个单位的测评票中，对所有人一律同一等次的、像是没有细看填的各占多少，取整到 5%；"
            "说的是票，不是人。"
        ),
        ("publication.shares_from",),
        RATERS,
    ),
    "evaluation.doubtful": Measure(
        _("仅凭票面无法判断"),
        "",
        _("一个单位可能有半数以上的票步调一致时，提示另寻依据。"),
        ("publication.nothing_below",),
        RATERS,
    ),
    "evaluation.box_first": Measure(
        _("票箱：第一档"),
        "%",
        _("票箱公布的第一档（优秀或好）占有效票的范围；票箱只公布范围，不公布几票，与计票登记的分开看。"),
        BOX,
    ),
    "evaluation.box_upper": Measure(
        _("票箱：前两档"), "%", _("票箱公布的前两档合计占有效票的范围；与计票登记的分开看。"), BOX
    ),
    "evaluation.box_points": Measure(
        _("票箱：均值的范围"),
        "分",
        _(
            "由公布的范围推出均值最低和最高可能是多少：最低按其余全为末档，最高按其余全为不了解或弃权；"
            "各项平均。区间来自公布的粗细，不是抽样误差。"
        ),
        ("schemes", *BOX),
    ),
    "evaluation.box_untold": Measure(
        _("票箱：票数不足"), "", _("票箱有效票太少的组，按规矩不说或少说。"), BOX
    ),
    "evaluation.year": Measure(_("历年测评"), "分", _("以往各年的测评加权均值和区间，按该年票数重算。")),
}

_STANDING = {
    "routine.quarter": Measure(_("平时考核"), "", _("各季度登记的平时考核结果，原样列出。")),
    "routine.good": Measure(
        _("平时考核“好”的名额"),
        "人",
        _("一个单位一个季度登记为“好”的人数，对照参加人数乘规定比例的整数部分。"),
        ("appraisal.quotas.routine_good", "appraisal.quotas.rounding"),
    ),
    "quota.excellent": Measure(
        _("优秀名额"),
        "人",
        _("参加考核人数乘规定比例为理论数，向下取整为名额，余数入余额池。"),
        (
            "appraisal.quotas.leader_excellent",
            "appraisal.quotas.team_excellent",
            "appraisal.quotas.institution_excellent",
            "appraisal.quotas.rounding",
        ),
    ),
    "quota.pool": Measure(
        _("余额池"),
        "人",
        _("各考核单元取整余下的零头相加后的整数部分，由党委（党组）统筹。"),
        ("appraisal.quotas.rounding",),
    ),
    "group.scheme": Measure(_("考核方案"), "", _("考核单元所用的方案须在规矩中有同名的一份。"), ("schemes",)),
    "blocks": Measure(
        _("不得评优的情形"),
        "",
        _("影响期、病事假、负面清单各条，写明原因和截止日。"),
        ("appraisal.effects", "appraisal.exempt.absence", "appraisal.exempt.not_excellent"),
    ),
}

_DOCUMENTS = {
    "documents.copied": Measure(
        _("与以前文件相同"),
        "%",
        _(
            "正文与以前文件相同的字数占比（套话不计）；先后依次看标题写明转发、引用文号、成文日期、收发日期、"
            "机关层级、互相包含，并注明是哪一种。只提示核实，不作定性。"
        ),
        ("documents.copying.share", "documents.copying.listed", "documents.copying.formula_families"),
        "Schleimer, Wilkerson & Aiken (2003), SIGMOD, 76–85",
    ),
    "documents.specific": Measure(
        _("具体性"),
        "分",
        _(
            "写明谁、何时、多少、哪里、找谁的句子占全文的比例（六成），和每千字写明期限或数量的任务句数（四成，"
            "四句封顶）；只与同一文种比较，不涉及任何人。"
        ),
        ("documents.copying.specific", "documents.wording.vague", "appraisal.group_minimum"),
        "Hope, Hu & Lu (2016), Rev. Account. Stud. 21:1005–1045",
    ),
    "documents.check": Measure(
        _("文件提示"),
        "",
        _("篇幅、白头便笺、要求配套文件或报送落实情况、外地外级用语、落款不符，逐项对照规定提示。"),
        ("documents.length", "documents.special_length", "documents.demands", "documents.home.names"),
    ),
    "documents.issued": Measure(
        _("发文数"),
        "件",
        _("一个单位本年登记的发文数，对照上年全年；撤回的不计。"),
        ("documents.only_down",),
    ),
    "documents.copies": Measure(
        _("照抄的发文"),
        "件",
        _("本年发文中，相同文字达到规定比例、自有部分不具体的件数；简短转发不计。"),
        ("documents.copying.share", "documents.copying.specific", "documents.copying.honest"),
    ),
}

MEASURES: Final[dict[str, Measure]] = _PROBLEMS | _LATENESS | _RESULTS | _EVALUATION | _STANDING | _DOCUMENTS
"""All measures by name. A finding of any other name cannot exist."""
