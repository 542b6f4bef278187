//! `form`: blank forms for a programme.

use super::args::{Common, Form};
use super::{Exit, Misuse, site};
use crate::desk::named;
use crate::jobs::forms::form_name;
use crate::jobs::register;
use crate::workbook::form::{form_context, write_form};

/// Writes one form a unit.
///
/// # Errors
/// Unknown programme, unit or period, or the folder can't be written.
pub async fn run(common: &Common, options: &Form) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    let program = named::program(&site, options.program.as_deref())?;
    let period = named::owed_period(&site, &program, options.period.as_deref())?;
    let span = program.cycle.span(&period).unwrap_or_default();
    let asked = register::Asked::with_lists(&site, &program, &period).await?;
    let units = if let Some(named) = &options.unit {
        vec![named::unit(&program, named)?]
    } else {
        let given = program.material.items().is_some();
        let all = program.roster.units_in(span);
        all.filter(|unit| !given || asked.duties.owes(&unit.id)).collect()
    };
    std::fs::create_dir_all(&options.out)?;
    for unit in units {
        let mut context = form_context(&program, Some(unit), &period)
            .ok_or_else(|| Misuse(format!("方案 {} 没有表样", program.id)))?;
        context.ready = asked.ready(&program, &period, &unit.id, None);
        let path = options.out.join(form_name(&program, unit, &period));
        if path.exists() {
            say!("已有，未动：{}", path.display());
            continue;
        }
        std::fs::write(&path, write_form(&context)?)?;
        say!("{}", path.display());
    }
    Ok(Exit::Well)
}
