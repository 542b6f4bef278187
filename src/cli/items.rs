//! `items`: who leads the items of a register.

use super::args::{AssignItem, Common, Items};
use super::{Exit, Misuse, site};
use crate::desk::{decide, named};
use crate::jobs::{finish, notes};

/// Carries out the command.
///
/// # Errors
/// Unknown programme, item, unit or period, or the database is gone.
pub async fn run(common: &Common, command: &Items) -> anyhow::Result<Exit> {
    let Items::Assign(options) = command;
    assign(common, options).await
}

async fn assign(common: &Common, options: &AssignItem) -> anyhow::Result<Exit> {
    let (site, by) = site::open_to_act(common).await?;
    let program = named::program(&site, options.program.as_deref())?;
    let Some(items) = program.material.items() else {
        return Err(Misuse(format!("{}不是登记簿，没有登记项", program.id)).into());
    };
    let item = match items.meant(&options.item).as_slice() {
        [only] => *only,
        [] => return Err(Misuse(format!("{}没有第“{}”项", program.id, options.item)).into()),
        several => {
            let ids: Vec<&str> = several.iter().map(|item| item.id.as_str()).collect();
            let message = format!("序号“{}”有几项，请写编号：{}", options.item, ids.join("、"));
            return Err(Misuse(message).into());
        }
    };
    let period = named::owed_period(&site, &program, Some(&options.from))?;
    let leads: Result<Vec<_>, _> = options
        .lead
        .iter()
        .map(|name| named::unit(&program, name).map(|unit| unit.id.clone()))
        .collect();
    let leads = leads?;
    decide::assign_item(
        &site,
        &by,
        (&program.id, &item.id),
        (&leads, &period),
        &options.reason,
        None,
    )
    .await?;
    let names: Vec<&str> = leads
        .iter()
        .filter_map(|id| program.roster.unit(id))
        .map(|unit| unit.name.as_str())
        .collect();
    say!(
        "从{}起，第{}项“{}”由{}牵头：{}",
        notes::period_label(&program, &period),
        item.number,
        item.name,
        names.join("、"),
        options.reason
    );
    say!("还没有动过的填报表会重新下发；已经开始的一期，从今天起另给足期限，不算迟报。");
    finish(&site).await?;
    Ok(Exit::Well)
}
