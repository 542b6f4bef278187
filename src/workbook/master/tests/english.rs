//! A programme in English.

use super::*;

#[test]
fn a_programme_in_english_speaks_english() {
    let mut site = Site::november();
    site.program.language = Language::English;
    site.program.name = "Site inspections".into();
    site.program.matter = "Inspections".into();
    site.program.material.log_mut().visits = None;
    site.program.office.name = "Works office".into();
    for unit in &mut site.program.roster.units {
        unit.display_name = format!("Team {}", unit.id);
    }
    let choices = ["ok", "poor"].map(|name| Choice {
        name: name.into(),
        synonyms: Vec::new(),
    });
    let form = site.program.material.form_mut();
    form.fill_lines.clear();
    form.sheets.push(form.sheets[0].clone());
    form.sheets[0].name = "Roads".into();
    form.sheets[1].name = "Bridges".into();
    form.sheets[0].columns[8].kind = ColumnKind::Choice(choices.into());
    site.program.material.log_mut().aggregates.push(Aggregate {
        name: "Totals: roads/bridges [all of them, by unit]".into(),
        sheet: None,
        sum: vec!["solved".into()],
        count_by: Some("remark".into()),
    });
    site.ledgers[0].1[0].cells[8] = "poor".into();
    site.ledgers[0].1[1].form_sheet = 1;
    let (book, print) = site.write();
    let names: Vec<&str> = book.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Consolidated-Roads",
            "Consolidated-Bridges",
            "Overview",
            "Details-Roads",
            "Details-Bridges",
            "Reporting",
            "Changes",
            "Totals_ roads_bridges _all of t"
        ]
    );
    assert_eq!(Fingerprint::of(&book), print);
    assert_eq!(texts(&book.sheets[3])[HEADER].last().unwrap(), "Action taken");
    assert_eq!(book.sheets[4].rows.len(), HEADER + 2);
    let totals = texts(&book.sheets[7]);
    assert_eq!(totals[2], ["1", "Team U01", "2", "0", "1"]);
    let data: Vec<&str> = site
        .ledgers
        .iter()
        .flat_map(|(_, rows)| rows.iter().flat_map(|row| &row.cells))
        .map(smol_str::SmolStr::as_str)
        .collect();
    let form = &site.program.material.forms()[0].sheets[0].columns;
    let chinese = |text: &String| {
        ["单位", "序号", "份", "合计", "；", "：", "（", "、"]
            .iter()
            .any(|word| text.contains(word))
            && !data.contains(&text.as_str())
            && !form.iter().any(|column| column.header == *text)
    };
    site.program.basis = crate::domain::program::Basis::default();
    for sheet in &site.write().0.sheets {
        assert_eq!(
            texts(sheet).into_iter().flatten().find(chinese),
            None,
            "{}",
            sheet.name
        );
    }
}
