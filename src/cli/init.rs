//! `init`: a new site.

use super::args::{Common, Init};
use super::{Exit, Misuse, output, site};
use crate::embedded;
use crate::jobs::pass;

/// Writes config.toml and templates, and makes the folders.
///
/// # Errors
/// The folder can't be written, or a programme isn't shipped.
pub async fn run(common: &Common, options: &Init) -> anyhow::Result<Exit> {
    let written =
        embedded::write_site(&options.dir, &options.program).map_err(|error| Misuse(format!("{error:#}")))?;
    let common = Common {
        config: options.dir.join("config.toml"),
        ..common.clone()
    };
    let site = site::open(&common).await?;
    pass::make_share(&site).await?;
    say!("站点：{}", options.dir.display());
    say!(
        "新写 {} 个文件，已有的 {} 个未动。",
        written.written.len(),
        written.kept.len()
    );
    say!(
        "共享文件夹：{}，各单位的文件夹已建好",
        site.options.watch.display()
    );
    super::program::offer(&site);
    let me = output::own_name();
    say!("下一步：");
    say!(
        "  1. 看一遍 {}（每一项都有说明）",
        options.dir.join("config.toml").display()
    );
    say!("  2. 核对 templates/programs 里的名册、截止日（注明“默认”的请确认）");
    say!(
        "  3. {me} --config {} doctor",
        options.dir.join("config.toml").display()
    );
    say!(
        "  4. {me} --config {} run",
        options.dir.join("config.toml").display()
    );
    Ok(Exit::Well)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::Config;
    use crate::embedded;
    use crate::jobs::programs;

    #[test]
    fn what_is_written_runs_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        embedded::write_site(folder.path(), &[]).unwrap();
        let config = Config::load(&folder.path().join("config.toml")).unwrap();
        let no_workbooks = |path: &Path| anyhow::bail!("{}", path.display());
        let enabled = &config.programs.enabled;
        assert_eq!(*enabled, embedded::ordered());
        for (enabled, count) in [
            (enabled.as_slice(), enabled.len()),
            (&[], embedded::programs().len()),
        ] {
            let chosen = programs::Chosen {
                enabled,
                ..programs::Chosen::ALL
            };
            let loaded = programs::load(&config.paths.templates, chosen, &no_workbooks);
            assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
            assert_eq!(loaded.programs.len(), count);
        }
    }
}
