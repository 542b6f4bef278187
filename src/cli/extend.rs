//! `extend`: a period's deadline becomes a later day.

use super::args::{Common, Extend};
use super::{Exit, site};
use crate::desk::decide::Whose;
use crate::desk::{decide, named};
use crate::domain::calendar::{Day, weekday_name};
use crate::jobs::{finish, notes};

/// Extends the deadline.
///
/// # Errors
/// Unknown programme or period, a day that can't be, or the database is gone.
pub async fn run(common: &Common, options: &Extend) -> anyhow::Result<Exit> {
    let (site, by) = site::open_to_act(common).await?;
    let program = named::program(&site, options.program.as_deref())?;
    let period = named::owed_period(&site, &program, Some(&options.period))?;
    let unit = options.unit.as_deref();
    let unit = unit.map(|unit| named::unit(&program, unit)).transpose()?;
    let whose = Whose {
        period: &period,
        unit: unit.map(|unit| &unit.id),
    };
    let granted = (options.to, options.reason.as_str());
    let due = decide::extend_to(&site, &by, &program.id, whose, granted, None).await?;
    let name = unit.map_or("", |unit| unit.display_name.as_str());
    say!(
        "{name}{}的截止时间延至{}（{}），{}关期：{}",
        notes::period_label(&program, &period),
        notes::moment(program.language, due.at),
        weekday_name(due.at.date_naive()),
        notes::moment(program.language, due.close),
        options.reason
    );
    if matches!(site.calendar().day(options.to), Day::Holiday(_) | Day::Weekend) {
        say!("注意：{}不是工作日。", options.to);
    }
    if unit.is_some() {
        say!("其他单位的截止时间不变。");
    }
    say!("还没有报送的单位会收到情况告知；已经放在本期填报表里的填报说明不会改写，仍是原来的时间。");
    say!("提醒和催报按新的截止时间重新起算；已经发出的信函不会收回，要收回请用 letters withdraw。");
    finish(&site).await?;
    Ok(Exit::Well)
}
