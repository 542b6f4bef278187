#!/usr/bin/env python3
"""Writes the ledgers that the figures in docs/performance.md are measured on; the same arguments give the same files.

    gen.py SET DIR             S 50 workbooks x 30 rows, M 1,000 x 100, ONE 1 x 100, GHOST 30 rows and 100,000 blank ones
    gen.py SET DIR --seed 2    other rows under the same names
    gen.py SET --roster FILE   the roster of the units that send them

What a unit really sends: merged title row, header in row 2, borders, one date format, phones as text, about 70 % of
备注 blank. Needs xlsxwriter.
"""
import argparse
import csv
import datetime as dt
import itertools
import os
import random
from multiprocessing import Pool

SETS = {"S": (50, 30), "M": (1000, 100), "ONE": (1, 100), "GHOST": (1, 30)}
GHOST_ROWS = 100_000
HEADER = ["序号", "调研时间", "单位", "调研地点", "调研内容", "调研成效", "解决问题数量", "联系人", "电话", "备注"]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国玉梅红文辉玲志春晓燕海峰志远子涵浩然雨欣宇航思远佳怡俊杰天宇若曦梓萱博文一鸣立新国庆卫东"
TOWNS = "青山 白云 龙泉 石门 双河 永安 长乐 清江 新华 红旗 东风 和平 富民 兴隆 太平 大柳 小河 柳林 杨家 马厂 前进 团结 向阳 朝阳 临江 北关 南湖 西郊 金沙 银杏".split()
KINDS = "镇 乡 街道 社区 村 园区 工业园 产业基地".split()
OFFICES = "发展和改革局 教育局 科技局 工业和信息化局 公安局 民政局 司法局 财政局 人力资源和社会保障局 自然资源局 生态环境局 住房和城乡建设局 交通运输局 水务局 农业农村局 商务局 文化和旅游局 卫生健康局 退役军人事务局 应急管理局 审计局 市场监督管理局 统计局 医疗保障局 信访局 乡村振兴局 行政审批局 城市管理局 妇女联合会 总工会".split()
WORDS = """基层 群众 走访 座谈 入户 调查 问卷 排查 梳理 台账 整改 落实 推进 协调 解决 问题 困难 诉求 建议 意见 政策 宣传 讲解
培训 指导 帮扶 脱贫 巩固 衔接 产业 项目 资金 土地 流转 合作社 企业 车间 用工 就业 创业 补贴 社保 医保 养老 低保 残疾 儿童 留守 老人
教育 学校 师资 食堂 校车 医院 诊所 药品 道路 硬化 桥梁 路灯 饮水 管网 灌溉 水库 河道 污水 垃圾 分类 厕所 改造 绿化 防汛 抗旱 防火 消防
隐患 安全 生产 巡查 监管 执法 信访 矛盾 纠纷 调解 网格 治理 党建 支部 党员 志愿 服务 活动 阵地 建设 数字 平台 系统 数据 审批 窗口 流程
优化 营商 环境 融资 贷款 税费 减免 技术 改良 品种 种植 养殖 大棚 冷链 物流 电商 直播 销售 品牌 认证 农机 合作 集体 经济 收入 增收 分红
旅游 民宿 景区 文化 广场 图书 演出 非遗 传承 住房 危房 老旧 小区 电梯 停车 物业 业委会 拆迁 安置 征地 补偿 权属 登记 确权 林权 承包
合同 法律 援助 宣讲 反诈 禁毒 治安 监控 巡逻 统计 核查 回访 跟踪 反馈 闭环 机制 制度 清单 责任 分工 牵头 部门 联动 专班 例会 通报 督办
考核""".split()
VERBS = "实地走访了 召开座谈会听取了 重点了解了 现场查看了 逐户核实了 随机抽查了 会同相关部门研究了 详细询问了 梳理汇总了 针对性调研了".split()
RESULTS = "推动解决了 协调落实了 督促整改了 形成调研报告并上报 建立工作台账，明确了 已初步缓解 现场答复并办结 转交相关部门限期办理 帮助争取到 完善了".split()
TAILS = "，群众反映良好。 ，下一步将持续跟踪问效。 ，并形成长效机制。 ，预计下月底前完成。 ，得到干部群众一致认可。 ，目前已完成阶段性目标。 ，相关责任已落实到人。 ，计划纳入年度重点任务。".split()
REMARKS = "无 已办结 跟踪办理中 需县级协调 附照片3张 另附会议纪要 与上月问题合并 涉及多部门".split()


def add_rare_words():
    """4,000 compounds of common characters: deflate then reaches the 3:1 of real prose, not the 4:1 of a small word list."""
    codes = (bytes((0xB0 + i // 94, 0xA1 + i % 94)).decode("gb2312", "ignore") for i in range(3755))
    characters = [c for c in codes if c]
    chance = random.Random(7)
    chance.shuffle(characters)
    weights = [1 / (i + 10) ** 0.8 for i in range(len(characters))]
    WORDS.extend("".join(chance.choices(characters, weights, k=2)) for _ in range(4000))


add_rare_words()
FREQUENCIES = list(itertools.accumulate(1 / (i + 1) ** 0.75 for i in range(len(WORDS))))


def clause(r, verbs):
    words = r.choices(WORDS, cum_weights=FREQUENCIES, k=r.randint(4, 8))
    split = r.randint(2, len(words))
    text = r.choice(verbs) + r.choice(TOWNS) + r.choice(KINDS) + "".join(words[:split])
    if words[split:]:
        text += "、" + "".join(words[split:])
    if r.random() < 0.35:
        text += f"等{r.randint(2, 60)}项"
    if r.random() < 0.15:
        text += f"，涉及{r.randint(3, 900)}户{r.randint(10, 3000)}人"
    if r.random() < 0.05:
        text += f"，资金{r.randint(1, 900) / 10}万元"
    return text


def prose(r, shortest, longest, verbs):
    length, text = r.randint(shortest, longest), ""
    while len(text) < length:
        text += clause(r, verbs) + (r.choice(TAILS) if r.random() < 0.4 else "；")
    return text[:length]


def contact(r):
    name = r.choice(SURNAMES) + "".join(r.choice(GIVEN) for _ in range(r.choice((1, 2, 2))))
    return name, r.choice(["138", "139", "150", "186", "199"]) + "".join(r.choices("0123456789", k=8))


def ledger(job):
    import xlsxwriter

    path, rows, seed, blanks = job
    r = random.Random(seed)
    unit = r.choice(TOWNS) + r.choice("县区市") + OFFICES[seed % len(OFFICES)]
    people = [contact(r) for _ in range(max(5, min(rows // 20, 200)))]
    places = [
        r.choice(TOWNS) + r.choice(KINDS) + r.choice(["", "村委会", "便民服务中心", f"第{r.randint(1, 30)}网格"])
        for _ in range(max(5, min(rows // 10, 300)))
    ]
    book = xlsxwriter.Workbook(path, {"strings_to_urls": False})
    sheet = book.add_worksheet("台账")
    title = book.add_format({"bold": 1, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": 1, "border": 1, "bg_color": "#D9E1F2"})
    plain = book.add_format({"border": 1})
    date = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    wrapped = book.add_format({"border": 1, "text_wrap": 1})
    sheet.merge_range(0, 0, 0, 9, f"{unit}2026年度调研工作台账", title)
    for column, text in enumerate(HEADER):
        sheet.write_string(1, column, text, head)
    sheet.set_column(4, 5, 40)
    sheet.set_column(1, 1, 12)
    for n in range(1, rows + 1):
        y, (name, phone) = n + 1, r.choice(people)
        sheet.write_number(y, 0, n, plain)
        sheet.write_datetime(y, 1, dt.datetime(2026, 1, 1) + dt.timedelta(days=r.randrange(330)), date)
        sheet.write_string(y, 2, unit, plain)
        sheet.write_string(y, 3, r.choice(places), plain)
        sheet.write_string(y, 4, prose(r, 40, 200, VERBS), wrapped)
        sheet.write_string(y, 5, prose(r, 60, 300, RESULTS), wrapped)
        sheet.write_number(y, 6, r.randint(0, 12), plain)
        sheet.write_string(y, 7, name, plain)
        sheet.write_string(y, 8, phone, plain)
        if r.random() < 0.3:
            sheet.write_string(y, 9, r.choice(REMARKS), plain)
        else:
            sheet.write_blank(y, 9, None, plain)
    for y in range(rows + 2, rows + 2 + blanks):
        for column in range(10):
            sheet.write_blank(y, column, None, plain)
    book.close()
    return os.path.getsize(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("dir", nargs="?")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--roster", metavar="FILE")
    options = parser.parse_args()
    files, rows = SETS[options.set]
    if options.roster:
        with open(options.roster, "w", newline="", encoding="utf-8") as out:
            table = csv.writer(out, lineterminator="\n")
            table.writerow(["编号", "名称", "生效日期"])
            table.writerows([f"u{n:05d}", f"ledger_{n:05d}", "2026-01-01"] for n in range(files))
    if options.dir:
        os.makedirs(options.dir, exist_ok=True)
        blanks = GHOST_ROWS if options.set == "GHOST" else 0
        jobs = [(f"{options.dir}/ledger_{n:05d}.xlsx", rows, options.seed * 100_003 + n, blanks) for n in range(files)]
        with Pool(os.cpu_count()) as pool:
            sizes = pool.map(ledger, jobs, chunksize=max(1, min(20, files // 4)))
        print(f"{options.set}: {files} files, {rows} rows each, {sum(sizes) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
