//! Short notes on the share: receipts, status notes, why a file lies where it lies.

use std::collections::HashMap;

use anyhow::Context as _;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

/// The templates under `templates/notes`, one file a kind.
#[derive(Debug, Clone)]
pub struct Notes {
    environment: Environment<'static>,
}

impl Notes {
    /// Compiles templates, given by name (`receipt.txt`) and text.
    ///
    /// # Errors
    /// The first template that doesn't compile, by name and line.
    pub fn new(templates: &HashMap<String, String>) -> anyhow::Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .build()
                .context("模板语法设置有误")?,
        );
        for (name, text) in templates {
            environment
                .add_template_owned(name.clone(), text.clone())
                .with_context(|| format!("模板 notes/{name} 有错"))?;
        }
        Ok(Self { environment })
    }

    /// Writes a note. Lines end as Windows editors expect.
    ///
    /// # Errors
    /// The template is missing or names a value that isn't there.
    pub fn render<T: Serialize>(&self, name: &str, values: &T) -> anyhow::Result<String> {
        let template = self
            .environment
            .get_template(name)
            .with_context(|| format!("没有模板 notes/{name}，可用 taizhang init 补齐"))?;
        let text = template
            .render(minijinja::value::Serde(values))
            .with_context(|| format!("模板 notes/{name} 填写失败"))?;
        // A byte order mark makes old Windows editors read UTF-8.
        Ok(format!(
            "\u{feff}{}\r\n",
            text.trim_end().replace("\r\n", "\n").replace('\n', "\r\n")
        ))
    }
}
