//! What the TOML parser complains about, in words that say what to do.

/// Message and remedy for a syntax error. The parser's own words are kept
/// where they are not known here, since they still help whoever is asked.
pub fn explain(message: &str) -> (String, String) {
    let known = [
        (
            "duplicate key",
            "同一个项写了两次（重复）。",
            "保留一个，删去另一个。",
        ),
        (
            "invalid basic string",
            "文字没有写完整：缺引号，或反斜杠用错。",
            "文字写在一对半角双引号里，反斜杠写成 \\\\。",
        ),
        ("missing assignment", "缺等号。", "写成 项 = 值。"),
        ("key with no value", "缺等号和值。", "写成 项 = 值。"),
        (
            "missing value",
            "等号后面没有值。",
            "文字加半角引号；没有内容写 \"\"。",
        ),
        (
            "string values must be quoted",
            "值没有写，或文字没有加引号。",
            "文字写在一对半角双引号里；没有内容写 \"\"。",
        ),
        (
            "missing opening quote",
            "缺前引号。",
            "文字写在一对半角双引号里。",
        ),
        ("missing comma", "列表里缺逗号。", "各项之间用半角逗号隔开。"),
        (
            "invalid unquoted key",
            "项名不对。",
            "项名照抄样例，只用英文字母、数字和下划线。",
        ),
        ("unclosed array", "方括号没有配对。", "在列表末尾补上 ]。"),
        (
            "unclosed table",
            "方括号没有配对。",
            "小节名写成 [名称] 或 [[名称]]。",
        ),
        ("unclosed inline table", "花括号没有配对。", "在末尾补上 }。"),
    ];
    known
        .iter()
        .find(|(sign, ..)| message.contains(sign))
        .map_or_else(
            || {
                (
                    format!("不符合 TOML 写法（{message}）。"),
                    "对照随附的样例检查这一行的引号、等号和括号；标点须为半角。".into(),
                )
            },
            |(_, what, remedy)| ((*what).into(), (*remedy).into()),
        )
}
