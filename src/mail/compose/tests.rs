use std::sync::LazyLock;

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::domain::ladder::Kind;
use crate::domain::letters::blocks::blocks;

const OWN: &str = "zh-CN/first-chase/item.txt.j2";

fn letters() -> &'static Letters {
    static BUILT_IN: LazyLock<Letters> = LazyLock::new(|| Letters::new(&[]).unwrap());
    &BUILT_IN
}

fn with(name: &str, text: &str) -> Letters {
    Letters::new(&[(name.to_owned(), text.to_owned())]).unwrap()
}

/// The five samples of a kind: full, returned to a head on trial, several items, seven units to a leader, sparse.
fn facts(language: &str, kind: &str) -> Vec<LetterFacts> {
    samples()
        .into_iter()
        .filter(|facts| facts.language == language && facts.kind == kind)
        .collect()
}

fn shown(letter: &Composed) -> String {
    format!("{}\n\n{}\n{}\n", letter.subject, letter.text, letter.chat)
}

#[rstest]
#[case("zh-CN")]
#[case("en")]
fn each_kind_reads_well(#[case] language: &str) {
    let letters = letters();
    for kind in Kind::ALL {
        let first = &facts(language, kind.as_str())[0];
        let letter = letters.compose(first).unwrap();
        insta::assert_snapshot!(format!("{language}-{}", kind.as_str()), shown(&letter));
    }
}

#[rstest]
#[case("zh-CN", "first-chase")]
#[case("zh-CN", "escalation")]
#[case("en", "first-chase")]
#[case("en", "escalation")]
fn gathered_letters_read_well(#[case] language: &str, #[case] kind: &str) {
    let letters = letters();
    let samples = facts(language, kind);
    let mut two = samples[2].clone();
    two.items.truncate(2);
    for (count, facts) in [("returned", &samples[1]), ("two", &two), ("seven", &samples[3])] {
        let letter = letters.compose(facts).unwrap();
        insta::assert_snapshot!(format!("{language}-{kind}-{count}"), shown(&letter));
    }
}

#[test]
fn the_html_is_a_whole_letter() {
    let letter = letters().compose(&facts("zh-CN", "bulletin")[0]).unwrap();
    insta::assert_snapshot!("zh-CN-bulletin-html", letter.html);
    assert!(!letter.html.contains("http"), "no external resources");
}

#[test]
fn the_tone_holds_everywhere() {
    let letters = letters();
    for facts in samples() {
        let letter = letters.compose(&facts).unwrap();
        let about = format!("{} {}: {}", facts.language, facts.kind, shown(&letter));
        assert!(!about.contains(['!', '！']), "{about}");
        assert!(
            !letter.text.contains("。。") && !letter.text.contains(".."),
            "{about}"
        );
        assert!(
            !letter.text.contains("，。") && !letter.text.contains("  ，"),
            "{about}"
        );
        if facts.role == "leader" {
            assert!(
                !letter.text.contains("请务必") && !letter.text.contains("贵单位2"),
                "{about}"
            );
        }
        if facts.trial && facts.language == "zh-CN" {
            assert!(letter.text.starts_with("【试运行，无须办理。】"), "{about}");
            assert!(letter.subject.starts_with("【试运行】") && letter.chat.starts_with("【试运行】"));
        }
        if facts.items.len() == 1 && facts.language == "zh-CN" && !facts.trial {
            assert!(letter.chat.chars().count() <= 120, "{about}");
        }
    }
}

#[test]
fn the_subject_names_the_first_matter_of_the_most_serious_kind() {
    let mut gathered = facts("zh-CN", "first-chase")[2].clone();
    gathered.items.swap(0, 1);
    assert_eq!(gathered.items[0].kind, "reminder");
    let letter = letters().compose(&gathered).unwrap();
    assert_eq!(
        letter.subject,
        "【催报·第1次】2024年11月挂点调研台账等3项（规划办）"
    );
    let seven = letters().compose(&facts("zh-CN", "escalation")[3]).unwrap();
    assert_eq!(seven.subject, "【逾期情况报告】2024年11月挂点调研台账（7个单位）");
}

#[test]
fn the_head_of_the_office_is_asked_for_attention_in_a_leaders_place() {
    let mut facts = facts("zh-CN", "target")[0].clone();
    facts.role = "office-head".into();
    let letter = letters().compose(&facts).unwrap();
    assert!(
        letter.text.contains("袁庆同志本年已到挂点村调研3次"),
        "{}",
        letter.text
    );
    assert!(letter.text.contains("敬请统筹安排。") && !letter.text.contains("请协助安排"));
}

#[test]
fn markup_and_line_breaks_in_names_break_nothing() {
    let mut facts = facts("zh-CN", "first-chase")[0].clone();
    facts.items[0].unit = "<b>规划办</b>\r\nBcc: all@example".into();
    facts.recipients = vec!["{{ number }}<script>\n\n# 一".into()];
    facts.called.clone_from(&facts.recipients);
    facts.role = "head".into();
    facts.items[0].matter = "440823199001011234\u{202e}台账".into();
    let letter = letters().compose(&facts).unwrap();
    assert!(!letter.html.contains("<b>") && !letter.html.contains("<script>"));
    assert!(
        letter
            .html
            .contains("&lt;b&gt;规划办&lt;&#x2f;b&gt; Bcc: all@example"),
        "{}",
        letter.html
    );
    assert!(
        letter.text.contains("<b>规划办</b> Bcc: all@example"),
        "{}",
        letter.text
    );
    assert!(
        letter.text.contains("\n{{ number }}<script> # 一：\n"),
        "{}",
        letter.text
    );
    assert!(!shown(&letter).contains("19900101") && !letter.text.contains('\u{202e}'));
}

#[test]
fn the_shipped_templates_are_well() {
    assert_eq!(letters().lint(), []);
}

#[rstest]
#[case::undefined("请\n报送{{ itme.unit }}。", Some(2), "itme")]
#[case::syntax("请\n\n{% if item.unit %报送", Some(3), "写法有误")]
#[case::filter("{{ item.unit | schoen }}", Some(1), "schoen")]
#[case::missing("{% include \"zh-CN/shared/nothing.txt.j2\" %}", Some(1), "nothing.txt.j2")]
fn a_broken_template_is_named_and_not_used(
    #[case] text: &str,
    #[case] line: Option<usize>,
    #[case] word: &str,
) {
    let letters = with(OWN, text);
    let found = letters.lint();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].template.as_str(), found[0].line), (OWN, line));
    assert!(found[0].to_string().contains(word), "{}", found[0]);
    let facts = &facts("zh-CN", "first-chase")[0];
    assert_eq!(
        letters.compose(facts).unwrap(),
        self::letters().compose(facts).unwrap()
    );
}

#[rstest]
#[case("{# nothing #}", "空")]
#[case("催报\n{{ number }}", "一行")]
fn a_subject_that_is_empty_or_runs_over_is_named(#[case] text: &str, #[case] word: &str) {
    let name = "en/talk/subject.txt.j2";
    let found = with(name, text).lint();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].template == name && found[0].message.contains(word),
        "{found:?}"
    );
}

#[test]
fn a_template_that_nobody_asks_for_is_named() {
    let found = with("zh-CN/first_chase/item.txt.j2", "请报送。").lint();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].template, "zh-CN/first_chase/item.txt.j2");
}

#[test]
fn a_site_replaces_one_template_only() {
    let letters = with("zh-CN\\first-chase\\item.txt.j2", "{{ item.unit }}请速报。\n");
    assert_eq!(letters.lint(), []);
    let own = letters.compose(&facts("zh-CN", "first-chase")[0]).unwrap();
    assert!(own.text.contains("\n　　规划办请速报。\n"), "{}", own.text);
    assert!(own.html.contains("规划办请速报。"), "the text is the HTML too");
    for facts in samples() {
        if facts.items.iter().all(|item| item.kind != "first-chase") {
            assert_eq!(
                letters.compose(&facts).unwrap(),
                self::letters().compose(&facts).unwrap()
            );
        }
    }
}

#[test]
fn a_body_in_html_of_the_sites_own_replaces_the_paragraphs() {
    let letters = with("zh-CN/receipt/body.html.j2", "<p>{{ lead.unit }}：收到</p>");
    let mut facts = facts("zh-CN", "receipt")[0].clone();
    facts.items[0].unit = "规划<办".into();
    let letter = letters.compose(&facts).unwrap();
    assert!(letter.html.contains("<p>规划&lt;办：收到</p>"), "{}", letter.html);
    assert!(!letter.html.contains("审核通过") && letter.text.contains("审核通过"));
}

#[test]
fn facts_that_lack_what_the_kind_speaks_of_are_refused() {
    let letters = letters();
    let refused = |change: fn(&mut LetterFacts), kind: &str| {
        let mut facts = facts("zh-CN", kind)[0].clone();
        change(&mut facts);
        letters.compose(&facts).unwrap_err().to_string()
    };
    assert!(refused(|facts| facts.period = None, "bulletin").contains("本期结果"));
    assert!(refused(|facts| facts.withdrawn = None, "withdrawal").contains("所撤销的信函"));
    assert!(refused(|facts| facts.items.clear(), "reminder").contains("事项"));
    assert!(refused(|facts| facts.items[0].target = None, "target").contains("调研进度"));
    assert!(refused(|facts| facts.language = "fr".into(), "target").contains("fr"));
    assert!(refused(|facts| facts.kind = "love".into(), "target").contains("love"));
}

#[test]
fn the_sites_folder_is_read_with_its_subfolders() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(site_templates(&folder.path().join("mail")).unwrap(), []);
    let own = folder.path().join("zh-CN/receipt");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("chat.txt.j2"), "\u{feff}收到").unwrap();
    std::fs::write(own.join("chat.txt.bak"), "旧").unwrap();
    assert_eq!(
        site_templates(folder.path()).unwrap(),
        [("zh-CN/receipt/chat.txt.j2".to_owned(), "收到".to_owned())]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_in_the_facts_breaks_subject_or_chat(text in "\\PC{0,12}[\r\n\t\u{85}\u{2028}\u{202e}\u{0}]{1,3}\\PC{0,12}", at in 0usize..36) {
        let (language, kind) = (["zh-CN", "en"][at % 2], Kind::ALL[at / 2]);
        let mut facts = facts(language, kind.as_str())[2].clone();
        facts.recipients = vec![text.clone()];
        facts.called = vec![text.clone()];
        facts.number.clone_from(&text);
        facts.as_of.clone_from(&text);
        for item in &mut facts.items {
            item.unit.clone_from(&text);
            item.matter.clone_from(&text);
            item.period.clone_from(&text);
            item.due.clone_from(&text);
        }
        if let Some(period) = &mut facts.period {
            period.matter.clone_from(&text);
            period.period.clone_from(&text);
        }
        if let Some(withdrawn) = &mut facts.withdrawn {
            withdrawn.subject.clone_from(&text);
            withdrawn.number.clone_from(&text);
        }
        let letter = letters().compose(&facts).unwrap();
        let broken = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202e}');
        prop_assert!(!letter.subject.contains(broken), "{:?}", letter.subject);
        prop_assert!(!letter.chat.contains(broken), "{:?}", letter.chat);
        prop_assert!(!letter.text.replace('\n', "").contains(broken), "{:?}", letter.text);
    }
}

#[test]
fn what_may_be_changed_is_found_again_in_every_letter() {
    for facts in samples() {
        let offered = letters().offered(&facts).unwrap();
        let (own, name) = (&offered.words, format!("{} {}", facts.kind, facts.language));
        let mut rest = own.texts().into_iter().peekable();
        for block in blocks(&offered.composed.html) {
            rest.next_if_eq(&block.text);
        }
        assert_eq!(rest.next(), None, "{name}: {}", offered.composed.html);
        // Typed again as they are, they are the same words and the same letter.
        let typed = Words::typed(&own.subject, &own.body.join("\r\n"), &own.chat).unwrap();
        assert_eq!(typed.fingerprint(), own.fingerprint(), "{name}");
        let again = letters().with_words(&facts, &typed).unwrap();
        assert_eq!(
            (&again.text, &again.html),
            (&offered.composed.text, &offered.composed.html),
            "{name}"
        );
        let named: Vec<&str> = offered.fixed.iter().map(|(name, _)| *name).collect();
        assert!(
            named.contains(&"称呼") && named.contains(&"编号"),
            "{name}: {named:?}"
        );
        assert!(!named.contains(&"标题"), "{name}: {named:?}");
    }
}

#[rstest]
#[case("", "一段", "短", "标题是空的")]
#[case("标题\u{200b}", &"长".repeat(20_001), "短", "正文最多20000个字，现在有20001个")]
#[case("\u{200b}", "一段", "短", "标题是空的")]
#[case("标题", "一段", "\t", "短文本是空的")]
#[case("标题", "一段", &"长".repeat(2_001), "短文本最多2000个字，现在有2001个")]
fn words_that_are_none_are_refused(
    #[case] subject: &str,
    #[case] body: &str,
    #[case] chat: &str,
    #[case] why: &str,
) {
    let refused = Words::typed(subject, body, chat).unwrap_err();
    assert!(refused.contains(why), "{refused}");
}

#[test]
fn a_body_of_which_nothing_is_seen_is_none() {
    let words = Words::typed("标题", " \n\u{200b}\n　\n", "短").unwrap();
    assert!(words.body.is_empty(), "{words:?}");
}
