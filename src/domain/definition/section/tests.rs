use super::*;

#[test]
fn values_are_read_and_wrong_ones_named() {
    let text = "a = \" x \"\nb = [\"p\", \"q\"]\nday = 5\nlow = 0.25\non = true\nat = \"17:30\"\n\
                from = 2024-11-11\nkind = \"lgo\"\nbig = 40\nmixed = [\"p\", 1]\nwhen = \"25:00\"\n";
    let definition = Definition::read("x.toml", text);
    let root = definition.root();
    assert_eq!(root.text("a").as_deref(), Some("x"));
    assert_eq!(root.texts("b").unwrap(), ["p", "q"]);
    assert_eq!(root.integer("day", 1..=31), Some(5));
    assert_eq!(root.decimal("low"), Some(Decimal::new(25, 2)));
    assert_eq!(root.boolean("on"), Some(true));
    assert_eq!(root.time("at"), NaiveTime::from_hms_opt(17, 30, 0));
    assert_eq!(root.date("from"), NaiveDate::from_ymd_opt(2024, 11, 11));
    assert_eq!(root.choice("kind", &[("log", 1), ("register", 2)]), None);
    assert_eq!(root.integer("big", 1..=31), None);
    assert_eq!(root.texts("mixed"), None);
    assert_eq!(root.time("when"), None);
    assert_eq!(root.required_text("name", "某某台账"), "");
    let problems = definition.into_problems();
    let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "x.toml：缺“name”。 例如写 name = \"某某台账\"",
            "x.toml 第8行：“kind”不能写“lgo”。 是不是“log”？可以写：log、register。",
            "x.toml 第9行：“big”写的是40。 应为1到31之间的整数。",
            "x.toml 第10行：“mixed”写的是1。 应为文字的列表，例如 [\"…\", \"…\"]",
            "x.toml 第11行：“when”写的是“25:00”。 应为时刻，例如 \"17:30\"",
        ]
    );
}
