//! Data in a row marked 例.

use super::*;
use rstest::rstest;

/// The data rows and the example texts of a ledger whose first row is marked 例.
fn example(form: &Form, row: [&str; 5]) -> (Vec<u32>, usize) {
    let marked = [&["例"][..], &row].concat();
    let rows: [&[&str]; 3] = [
        &[
            "序号",
            "调研时间",
            "调研地点",
            "调研内容",
            "调研成效",
            "联系人及联系方式",
        ],
        &marked,
        &[
            "1",
            "2024年11月5日",
            "边板村",
            "看厕改",
            "已办",
            "张三13812345678",
        ],
    ];
    let reading = read_with(form, &sheet("台账", &rows));
    let used: Vec<u32> = reading.examples_used.iter().map(|pos| pos.row + 1).collect();
    let among: Vec<u32> = data(&reading).into_iter().filter(|row| *row == 2).collect();
    assert_eq!(used, among);
    (used, reading.examples.len())
}

#[rstest]
#[case::all_their_own(["2024年11月7日", "岑家村", "到村查看垃圾清运情况。", "已清运", "李四13812345679"], true)]
#[case::month_and_day(["11月7日", "岑家", "到村查看垃圾清运情况。", "", ""], true)]
#[case::another_period(["2024年10月7日", "岑家村", "到村查看垃圾清运情况。", "已清运", ""], false)]
#[case::no_date(["", "岑家村", "到村查看垃圾清运情况。", "已清运", ""], false)]
#[case::unknown_place(["2024年11月7日", "某村", "到村查看垃圾清运情况。", "已清运", ""], false)]
#[case::no_place(["2024年11月7日", "", "到村查看垃圾清运情况。", "已清运", ""], false)]
#[case::placeholder(["2024年11月7日", "岑家村", "到村查看xx情况。", "已清运", ""], false)]
#[case::the_form_s_text(["2024年11月7日", "岑家村", "到某村开展厕所改造督查。", "已清运", ""], false)]
#[case::with_another_year(["2024年11月7日", "岑家村", "2024年11月5日督查厕所改造工作", "已清运", ""], false)]
#[case::an_earlier_form_s(["2024年11月7日", "岑家村", "旧版表样 的例子写在这里", "已清运", ""], false)]
#[case::a_short_word_of_its_own(["2024年11月7日", "岑家村", "到村查看垃圾清运情况。", "已完成", ""], true)]
#[case::short_words_alone(["2024年11月7日", "岑家村", "", "已完成", ""], false)]
fn a_filled_in_example_row_is_data(#[case] row: [&str; 5], #[case] used: bool) {
    let mut form = form();
    let mut set = |key: &str, text: &str| {
        let columns = &mut form.sheets[0].columns;
        columns
            .iter_mut()
            .find(|column| column.key == key)
            .unwrap()
            .example = text.into();
    };
    set("content", "到某村开展厕所改造督查。");
    set("effect", "已完成");
    form.earlier_examples = vec![
        "旧版表样的例子写在这里".into(),
        "2023年12月5日督查厕所改造工作".into(),
    ];
    let (rows, texts) = example(&form, row);
    assert_eq!(!rows.is_empty(), used);
    assert!(!used || texts == 0, "an example that is used is none any more");
}
