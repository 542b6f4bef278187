//! Writes every sample letter into a folder, to be looked at and read aloud:
//! `cargo run --example letters DIR [TEMPLATES]`, TEMPLATES being a folder like `templates/mail`.

use std::path::PathBuf;

use anyhow::Context as _;
use taizhang::mail::{Letters, samples, site_templates};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().context("which folder?")?;
    let own = match arguments.next() {
        Some(templates) => site_templates(&templates)?,
        None => Vec::new(),
    };
    let letters = Letters::new(&own)?;
    for problem in letters.lint() {
        println!("{problem}");
    }
    std::fs::create_dir_all(&folder)?;
    for (number, facts) in samples().iter().enumerate() {
        let letter = letters.compose(facts)?;
        let name = format!("{}-{}-{}", facts.language, facts.kind, number % 5 + 1);
        std::fs::write(folder.join(format!("{name}.html")), &letter.html)?;
        std::fs::write(
            folder.join(format!("{name}.txt")),
            format!("{}\n\n{}\n{}\n", letter.subject, letter.text, letter.chat),
        )?;
    }
    Ok(())
}
