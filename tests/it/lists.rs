//! Lists that are kept on change: confirmed once a year, watched for what expires.

use taizhang::domain::finding::Verdict;
use taizhang::domain::ladder::Kind;
use taizhang::domain::letters::{Letter, LetterState};
use taizhang::domain::table::Workbook;

use crate::harness::{TestSite, cells, names, read};
use crate::registers::any_form::{lines, listed};

const FILLED_BY: [(&str, &str); 2] = [("填报人", "李明"), ("联系电话", "0769-83371234")];

fn contract<'h>(number: &str, end: &str, plan: &str) -> Vec<(&'h str, String)> {
    vec![
        ("合同编号", number.to_owned()),
        ("资产名称", format!("村头市场{number}")),
        ("承租（包）方", "某某商行".to_owned()),
        ("起始日期", "2016-03-01".to_owned()),
        ("到期日期", end.to_owned()),
        ("到期处置意向", plan.to_owned()),
    ]
}

async fn expiries(site: &TestSite) -> Vec<Letter> {
    let letters = site.site.store.letters(&[]).await.unwrap();
    letters
        .into_iter()
        .filter(|own| own.kind == Kind::Expiry)
        .collect()
}

fn form(site: &TestSite, unit: &str, year: i32, matter: &str) -> Workbook {
    read(&site.share(&format!("{unit}/本期填报表/{year}年度{matter}（{unit}）.xlsx")))
}

async fn contracts(now: &str) -> TestSite {
    TestSite::of("hengli-contracts", "横沥集体资产合同", now).await
}

const MATTER: &str = "集体资产合同名单";

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_goes_once_for_each_row_date_and_step() {
    let site = contracts("2018-11-05T09:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let book = form(&site, "村头村", 2018, MATTER);
    let list = [
        contract("已过", "2018-10-31", ""),
        contract("两步都过", "2018-12-01", ""),
        contract("过了一步", "2018-12-20", "待定"),
        contract("月底", "2019-05-31", ""),
        contract("已处置", "2018-12-20", "续约"),
        contract("很远", "2021-01-01", ""),
    ];
    site.at("2018-11-06T10:00:00+08:00");
    site.drop_file("村头村/名单.xlsx", &listed(&book, &FILLED_BY, &list));
    site.run().await;
    assert!(
        site.last().await.verdict.is_accepted(),
        "{:?}",
        site.codes().await
    );
    // What lay behind: only the latest step of each, in one letter.
    let all =
        |letters: &[Letter]| -> String { letters.iter().map(|letter| letter.text.text.as_str()).collect() };
    let letters = expiries(&site).await;
    let text = all(&letters);
    assert!(text.contains("两步都过") && text.contains("过了一步"), "{text}");
    for absent in ["合同已过（", "月底", "已处置（", "很远"] {
        assert!(!text.contains(absent), "{absent}: {text}");
    }
    let count = letters.len();
    site.run().await;
    assert_eq!(expiries(&site).await.len(), count, "once");
    // One month before, still open: to the head of the village as well.
    site.at("2018-11-20T09:30:00+08:00").run().await;
    let later = expiries(&site).await;
    let text = all(&later[count..]);
    assert!(text.contains("过了一步") && !text.contains("两步都过"), "{text}");
    assert_eq!(later.len(), count + 2);
    // Three months before the 31st of May is the last day of February.
    site.at("2019-02-27T09:30:00+08:00").run().await;
    let before = all(&expiries(&site).await);
    assert!(!before.contains("月底"));
    site.at("2019-02-28T09:30:00+08:00").run().await;
    assert!(all(&expiries(&site).await).contains("月底"));
    // A new version says the same again: nothing is told twice, in whatever year.
    let count = expiries(&site).await.len();
    site.drop_file("村头村/名单2019.xlsx", &listed(&book, &FILLED_BY, &list));
    site.at("2019-03-01T09:30:00+08:00").run().await;
    site.run().await;
    let texts = all(&expiries(&site).await[count..]);
    assert_eq!(expiries(&site).await.len(), count, "{texts}");
    // On the day a draft to the head of the office.
    let drafts = site.site.store.letters(&[LetterState::Draft]).await.unwrap();
    assert!(
        drafts
            .iter()
            .all(|own| own.text.text.starts_with("　") && own.addressed.to[0].name == "镇农资办")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_accepted_list_of_any_year_is_the_list() {
    let site = contracts("2018-11-05T09:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let book = form(&site, "张坑村", 2018, MATTER);
    let list = [contract("甲", "2019-12-31", ""), contract("乙", "2020-06-30", "")];
    site.drop_file("张坑村/名单.xlsx", &listed(&book, &FILLED_BY, &list));
    site.run().await;
    assert!(
        site.last().await.verdict.is_accepted(),
        "{:?}",
        site.codes().await
    );
    // The next year's form shows it, to be changed, and asks for a confirmation.
    site.at("2019-01-02T10:00:00+08:00").run().await;
    site.run().await;
    let next = form(&site, "张坑村", 2019, MATTER);
    let shown = lines(&next, "合同名单");
    let numbers: Vec<&str> = shown.iter().map(|line| line.cells["合同编号"].as_str()).collect();
    assert_eq!(numbers, ["甲", "乙"]);
    assert_eq!(shown[0].cells["到期日期"], "2019年12月31日");
    // Until then the master of the year has the old list.
    let master = site
        .site
        .options
        .output
        .join("横沥集体资产合同/2019/汇总台账.xlsx");
    let rows = |path: &std::path::Path| {
        let book = read(path);
        cells(&book, names(&book)[2])
            .values()
            .filter(|text| text.starts_with("村头市场"))
            .count()
    };
    assert_eq!(rows(&master), 2);
    // A change is a new version of the running year, on whatever form it comes;
    // rows that are there again are no repetition.
    let mut changed = list.to_vec();
    changed[0] = contract("甲", "2021-12-31", "");
    changed.push(contract("丙", "2022-01-31", ""));
    site.at("2019-03-05T10:00:00+08:00");
    site.drop_file("张坑村/名单更新.xlsx", &listed(&book, &FILLED_BY, &changed));
    site.run().await;
    let newest = site.last().await;
    assert_eq!(
        (
            newest.verdict.is_accepted(),
            newest.period.map(|period| period.to_string())
        ),
        (true, Some("2019".to_owned())),
        "{:?}",
        site.codes().await
    );
    assert!(!site.codes().await.contains(&"repeats-last-period"));
    // The untouched form follows.
    site.run().await;
    site.run().await;
    let shown = lines(&form(&site, "张坑村", 2019, MATTER), "合同名单");
    assert_eq!(shown.len(), 3);
    assert_eq!(rows(&master), 3);
    // What changed is told against the list of the year before.
    let told = cells(&read(&master), "变动");
    assert!(
        told.values().any(|text| text == "新增1行，删除0行，修改1行"),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dealt_with_before_its_letter_goes_is_not_told() {
    let site = contracts("2018-11-05T09:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let book = form(&site, "田坑村", 2018, MATTER);
    site.at("2018-11-06T10:00:00+08:00");
    site.drop_file(
        "田坑村/名单.xlsx",
        &listed(&book, &FILLED_BY, &[contract("甲", "2018-12-20", "")]),
    );
    site.run().await;
    site.at("2018-12-20T09:30:00+08:00").run().await;
    let drafts = async || site.site.store.letters(&[LetterState::Draft]).await.unwrap();
    assert_eq!(drafts().await.len(), 1);
    site.drop_file(
        "田坑村/名单更新.xlsx",
        &listed(&book, &FILLED_BY, &[contract("甲", "2018-12-20", "收回自用")]),
    );
    site.at("2018-12-20T10:30:00+08:00").run().await;
    site.run().await;
    assert!(drafts().await.is_empty());
}

fn member<'h>(name: &str, role: &str, more: &[(&'h str, &str)]) -> Vec<(&'h str, String)> {
    let mut row = vec![("类别", role.to_owned()), ("姓名", name.to_owned())];
    row.push(("派驻起始日", "2021-09-01".to_owned()));
    row.extend(more.iter().map(|(header, text)| (*header, (*text).to_owned())));
    row
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_begins_with_the_documents_list_and_is_checked_as_a_whole() {
    let site = TestSite::running("xinhui-teams", "新会工作队名册", "2022-03-01T09:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let matter = "驻镇帮扶工作队名册";
    let mut people = 0;
    let program = site.site.program("xinhui-teams").unwrap();
    for unit in &program.roster.units {
        let own = lines(&form(&site, &unit.name, 2022, matter), "工作队名册").len();
        assert_eq!(
            own,
            if unit.name == "会城街道办" { 5 } else { 7 },
            "{}",
            unit.name
        );
        people += own;
    }
    assert_eq!((program.roster.units.len(), people), (11, 75));

    let book = form(&site, "双水镇", 2022, matter);
    let captain = [
        ("是否队长", "是"),
        ("政治面貌", "中共党员"),
        ("职级", "副科级"),
        ("出生年月日", "1980-05-01"),
    ];
    let team = [
        member("梁海欣", "市派驻村第一书记", &captain),
        member("张晓侨", "选调生", &[]),
        member("谭栋桥", "区派驻村第一书记", &[]),
        member("苏爱筠", "镇驻村工作队员", &[]),
        member("郑桂林", "金融助理", &[]),
        member("刘雅柔", "三支一扶人员", &[]),
        member("林佩雯", "高校毕业生志愿者", &[]),
    ];
    site.drop_file("双水镇/名册.xlsx", &listed(&book, &FILLED_BY, &team));
    site.run().await;
    assert!(
        site.last().await.verdict.is_accepted(),
        "{:?}",
        site.codes().await
    );

    // Too few, a captain of whom nothing is as it must be, nobody from the bank.
    let short = form(&site, "会城街道办", 2022, matter);
    let wrong = [
        ("是否队长", "是"),
        ("政治面貌", "群众"),
        ("职级", "科员"),
        ("出生年月日", "1970-05-01"),
    ];
    let few = [
        member("黄天栋", "街道派出人员", &wrong),
        member("朱跃虎", "区派驻村第一书记", &[("轮换日期", "2022-02-01")]),
        member("文有乾", "镇驻村工作队员", &[]),
        member("刘伟斌", "农业科技特派员", &[]),
        member("莫颖心", "高校毕业生志愿者", &[]),
    ];
    site.drop_file("会城街道办/名册.xlsx", &listed(&short, &FILLED_BY, &few));
    site.run().await;
    let last = site.last().await;
    assert_eq!(last.verdict, Verdict::Returned);
    let findings = site.site.store.findings(last.id).await.unwrap();
    let of = |id: &str| {
        findings
            .iter()
            .find(|own| own.args.get("rule").is_some_and(|rule| rule == id))
    };
    for (id, code, marked) in [
        ("team-size", "rule-broken", false),
        ("captain-party", "rule-broken", true),
        ("captain-rank", "rule-broken", true),
        ("captain-age", "rule-noted", true),
        ("finance-assistant", "rule-noted", false),
        ("three-support", "rule-noted", false),
    ] {
        let found = of(id).unwrap_or_else(|| panic!("{id}: {findings:?}"));
        assert_eq!((found.code.as_str(), found.row.is_some()), (code, marked), "{id}");
    }
    assert!(of("one-captain").is_none());

    // Ninety days before three years are over the town is told, by name alone.
    site.at("2024-06-03T09:30:00+08:00").run().await;
    let letters = expiries(&site).await;
    assert!(
        letters.iter().all(|own| own.text.text.contains("双水镇")),
        "{letters:?}"
    );
    let text = &letters[0].text.text;
    assert!(
        text.contains("梁海欣（市派驻村第一书记），2024年9月1日派驻满三年"),
        "{text}"
    );
    for private in ["中共党员", "副科级", "1980"] {
        assert!(!text.contains(private), "{private}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_sent_a_person_is_told_once_however_many_lists_have_them() {
    let site = TestSite::running("xinhui-teams", "新会工作队名册", "2022-03-01T09:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let captain = [
        ("是否队长", "是"),
        ("政治面貌", "中共党员"),
        ("职级", "副科级"),
        ("出生年月日", "1980-05-01"),
    ];
    let bank = [("派出单位及职务", "农行江门分行客户经理")];
    let other = [("派出单位及职务", "某某公司")];
    for (town, assistant) in [("双水镇", "郑桂林"), ("崖门镇", "郑桂林"), ("大鳌镇", "罗杰文")]
    {
        let book = form(&site, town, 2022, "驻镇帮扶工作队名册");
        let team = [
            member("梁海欣", "市派驻村第一书记", &captain),
            member("张晓侨", "选调生", &other),
            member("谭栋桥", "区派驻村第一书记", &[]),
            member("苏爱筠", "镇驻村工作队员", &[]),
            member(assistant, "金融助理", &bank),
            member("刘雅柔", "三支一扶人员", &[]),
            member("林佩雯", "高校毕业生志愿者", &[]),
        ];
        site.drop_file(&format!("{town}/名册.xlsx"), &listed(&book, &FILLED_BY, &team));
        site.run().await;
        assert!(
            site.last().await.verdict.is_accepted(),
            "{:?}",
            site.codes().await
        );
    }
    site.at("2024-06-03T09:30:00+08:00").run().await;
    let letters = expiries(&site).await;
    let to_bank: Vec<_> = letters
        .iter()
        .filter(|own| {
            own.addressed
                .to
                .iter()
                .any(|to| to.unit == "中国农业银行江门分行")
        })
        .collect();
    let [letter] = to_bank.as_slice() else {
        panic!("{letters:?}")
    };
    assert_eq!(letters.len(), 4, "one to each town beside it");
    let text = &letter.text.text;
    for words in [
        "中国农业银行江门分行联络员：",
        "贵单位派出的人员中，下列驻镇帮扶工作队队员即将派驻满三年：",
        "郑桂林（金融助理），在双水镇、崖门镇，2024年9月1日派驻满三年",
        "罗杰文（金融助理），在大鳌镇，2024年9月1日派驻满三年",
        "请与所在镇（街）商定轮换人选。",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("梁海欣") && !text.contains("副科级"), "{text}");
    // Another day says nothing new.
    site.at("2024-06-04T09:30:00+08:00").run().await;
    assert_eq!(expiries(&site).await.len(), 4);
}
