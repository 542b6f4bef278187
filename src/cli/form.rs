//! `form`: blank forms for a programme.

use super::args::{Common, Form};
use super::{Exit, site};
use crate::desk::files::Forms;
use crate::desk::named;
use crate::jobs::forms::form_name;

/// Writes one form a unit.
///
/// # Errors
/// Unknown programme, unit or period, or the folder can't be written.
pub async fn run(common: &Common, options: &Form) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    let program = named::program(&site, options.program.as_deref())?;
    let period = named::owed_period(&site, &program, options.period.as_deref())?;
    let forms = Forms::of(&site, program.clone(), period.clone()).await?;
    let units = match &options.unit {
        Some(named) => vec![named::unit(&program, named)?],
        None => forms.units(),
    };
    std::fs::create_dir_all(&options.out)?;
    for unit in units {
        let path = options.out.join(form_name(&program, unit, &period));
        if path.exists() {
            say!("已有，未动：{}", path.display());
            continue;
        }
        std::fs::write(&path, forms.written(unit)?)?;
        say!("{}", path.display());
    }
    Ok(Exit::Well)
}
