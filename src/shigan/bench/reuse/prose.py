"""Official prose from a small grammar, so that the benchmark runs where no corpus is at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WHO = _words("""
    各乡镇党委 县直各部门 市人民政府 村民委员会 县级以上人民政府 农业农村主管部门 教育主管部门
    各级党组织 社区工作人员 项目建设单位 财政部门 民政部门 卫生健康部门 驻村工作队 街道办事处
    公共资源交易机构 水利管理单位 基层党支部 人民武装部 应急管理机构 林业经营者 档案馆
""")
HOW = _words("""
    应当按季度 要在每年三月底前 必须会同有关单位 可以委托第三方 应当自收到材料之日起十日内
    要结合本省实际 应当根据年度计划 要通过公开招标 应当在汛期到来之前 须经集体研究后 要逐户逐项
    应当向社会公开并 要采取书面形式 应当无偿 要分级分类 应当依照法定程序 要按照轻重缓急
    应当会同技术机构
""")
DO = _words("""
    编制 检查 公布 修订 登记 清理 评估 发放 巡查 改造 核定 汇总 验收 监测 培训 补助 调解 归集 拆除
    移交 审核 修复 兑现 归档 排查 整治
""")
WHAT = _words("""
    灌溉渠道维修台账 集体资产收支明细 饮用水水源保护方案 困难家庭救助名单 危旧房屋安全鉴定结论
    乡村道路养护合同 校车运行线路 疫苗接种档案 林地承包经营权证 山洪灾害避险转移预案 老年助餐服务点
    农机购置补贴资金 基层卫生人员岗位津贴 畜禽粪污处理设施 耕地质量监测点 防火隔离带
    公益性岗位考勤记录 易地搬迁后续扶持项目 古树名木保护标识 小型水库放水设备 村级公共服务清单
    特困人员供养床位 农村电网线路 夜间照明设施 残疾人辅助器具 职业技能培训场所 冷链仓储用地
    河道采砂许可 群众来信办理结果 土壤污染详查报告
""")
WHY = _words("""
    防止重复支出 保障汛期安全 方便群众查询 做到账物相符 避免多头上报 使资金用在急处 保持道路畅通
    减轻村干部负担 便于审计核对 让每一户都有着落 控制工程造价 稳定粮食面积 降低火灾风险 改善就医条件
    延长设施寿命 维护承包农户权益 缩短办理时间 守住生态红线 提升供水水质 解决出行难题
""")
FIRST_DAY = dt.date(2010, 1, 1)


def documents(count: int, random: np.random.Generator, paragraphs: int = 9) -> list[tuple[str, dt.date, str]]:
    """Title, date and text of `count` documents, the earliest first.

    Each has about `paragraphs`·160 characters.
    """
    days = np.sort(random.choice(5000, count, replace=False))
    return [_document(number, int(day), random, paragraphs) for number, day in enumerate(days)]


def _document(
    number: int, day: int, random: np.random.Generator, paragraphs: int
) -> tuple[str, dt.date, str]:
    title = f"关于{_of(DO, random)}{_of(WHAT, random)}的通知（{number}）"
    lines = [f"第{at}条 {_paragraph(random)}" for at in range(1, paragraphs + 1)]
    return title, FIRST_DAY + dt.timedelta(day), "\n".join(lines) + "\n"


def _paragraph(random: np.random.Generator) -> str:
    return "".join(sentence(random) for _ in range(3))


def sentence(random: np.random.Generator) -> str:
    """One sentence; two of them hardly ever share twenty characters."""
    who, how, why = (_of(words, random) for words in (WHO, HOW, WHY))
    things = "，".join(f"{_of(DO, random)}{_of(WHAT, random)}" for _ in range(2))
    return f"{who}{how}{things}，{why}。"


def _of(words: Sequence[str], random: np.random.Generator) -> str:
    return words[int(random.integers(len(words)))]
