//! `setup`: a new site, set up in the browser; then the program goes on as `run`.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

use super::args::{Common, Run, Setup as SetupArgs};
use super::run::run_with;
use super::{Exit, Misuse};
use crate::config::Config;
use crate::daemon::{Terminate, options, page_options};
use crate::desk::setup::{Answers, Composer, FOLDER, Setup, Way};
use crate::domain::definition::quoted;
use crate::domain::language::Language;
use crate::embedded;
use crate::jobs::clock::Clock;
use crate::jobs::options::Options;
use crate::jobs::pass::become_the_one;
use crate::jobs::site::Site;
use crate::platform::durable::write_whole;
use crate::platform::make_private_folder;
use crate::web::{Handed, serve_setup};

/// Where the mail account's password comes to lie, below the data folder.
const PASSWORD: &str = "keys/mail.password";

/// Sets up a site and runs it.
///
/// # Errors
/// There is a site already, the folder can't be written, or the address is taken.
pub async fn run(common: &Common, wanted: &SetupArgs) -> anyhow::Result<Exit> {
    let dir = std::path::absolute(&wanted.dir)?;
    let config = dir.join("config.toml");
    if config.exists() {
        return Err(Misuse(format!(
            "{} 已经有一个站点（config.toml 在那里）。运行它用 taizhang run；另建一个请换一个文件夹",
            dir.display()
        ))
        .into());
    }
    let listener = TcpListener::bind(wanted.listen).map_err(|error| {
        Misuse(format!(
            "网页的端口 {} 打不开：{error}。可能已有一个在运行；也可以用 --listen 换一个",
            wanted.listen
        ))
    })?;
    embedded::write_templates(&dir)?;
    let folder = dir.join(FOLDER);
    make_private_folder(&folder).with_context(|| format!("{} 建不了", folder.display()))?;
    let composer = Written {
        dir: dir.clone(),
        listen: listener.local_addr()?,
        locale: wanted.locale,
    };
    let site = draft(&composer, &folder).await?;
    let Some(draft_is_ours) = become_the_one(&site.options)? else {
        return Err(Misuse(format!("{} 正在由另一个程序建立", dir.display())).into());
    };
    let page = page_options(&composer.config(&Answers::default()).map_err(Misuse)?);
    let address = page.address(listener.local_addr()?);
    let (setup, token) = Setup::begin(&dir, Box::new(composer))?;
    let setup = Arc::new(setup);
    say!("请在浏览器里打开这个地址，分七步建立站点（用过即失效；停下用 Ctrl-C，填的都在）：");
    say!("  {address}/setup/in/{}", token.as_str());
    let mut terminate = Terminate::new()?;
    tokio::select! {
        served = serve_setup(site.clone(), page, setup, listener.try_clone()?) => served?,
        () = terminate.wait() => {
            say!("停下了。再运行一次就接着填。");
            return Ok(Exit::Well);
        }
    }
    site.store.close().await;
    drop((draft_is_ours, site));
    // What was in it has gone into the site; nothing else is kept there.
    if let Err(error) = std::fs::remove_dir_all(&folder) {
        tracing::warn!(%error, "{} 没有删掉，可以自己删", folder.display());
    }
    say!(
        "站点已建好：{}。程序接着运行，停下用 Ctrl-C，以后用 taizhang run 启动。",
        dir.display()
    );
    let common = Common {
        config,
        ..common.clone()
    };
    let once = Run {
        once: false,
        rehearse: false,
    };
    run_with(&common, &once, Handed::of(listener)).await
}

/// A site that is only looked at while it is set up: with all programmes, and
/// everything of its own in a folder of its own.
async fn draft(composer: &Written, folder: &Path) -> anyhow::Result<Arc<Site>> {
    let config = composer.config(&Answers::default()).map_err(Misuse)?;
    let zone = config.site.zone;
    let options = Options {
        watch: folder.join("watch"),
        output: folder.join("output"),
        data: folder.join("data"),
        database: folder.join("data").join("taizhang.sqlite3"),
        enabled: Vec::new(),
        ..options(&config)
    };
    Ok(Arc::new(
        Box::pin(Site::open(options, Clock::system(zone))).await?,
    ))
}

/// The configuration of a site, from what was answered.
struct Written {
    dir: PathBuf,
    listen: SocketAddr,
    locale: Language,
}

impl Written {
    fn file(&self) -> PathBuf {
        self.dir.join("config.toml")
    }

    fn text(&self, answers: &Answers) -> Result<String, String> {
        let (places, office, mail) = (&answers.places, &answers.office, &answers.mail);
        let programs = answers.programs.iter().flatten();
        let programs: Vec<String> = programs.map(|own| format!("\n  {},", quoted(own))).collect();
        let password = if mail.has_password {
            Path::new(&places.data).join(PASSWORD).display().to_string()
        } else {
            String::new()
        };
        let mut values: Vec<(&[&str], String)> = vec![
            (&["site", "name"], quoted(&office.name)),
            (&["site", "locale"], quoted(self.locale.as_str())),
            (&["paths", "watch"], quoted(&places.share)),
            (&["paths", "output"], quoted(&places.output)),
            (&["paths", "data"], quoted(&places.data)),
            (&["programs", "enabled"], format!("[{}\n]", programs.concat())),
            (&["office", "contact"], quoted(&office.contact)),
            (&["office", "phone"], quoted(&office.phone)),
            (&["office", "mail"], quoted(&office.mail)),
            (&["mail", "transport"], quoted(mail.way.as_str())),
            (&["web", "listen"], quoted(&self.listen.to_string())),
            // The database lies where the data does.
            (&["database", "path"], quoted(&database(&places.data))),
        ];
        if mail.way == Way::Smtp {
            values.extend([
                (&["mail", "host"][..], quoted(&mail.host)),
                (&["mail", "port"], mail.port.to_string()),
                (&["mail", "security"], quoted(mail.security.as_str())),
                (&["mail", "user"], quoted(&mail.user)),
                (&["mail", "from_address"], quoted(&mail.from)),
                (&["mail", "from_name"], quoted(&office.name)),
                (&["mail", "password_file"], quoted(&password)),
            ]);
        }
        if !self.listen.ip().is_loopback() {
            values.extend([
                (
                    &["web", "public_url"][..],
                    quoted(&format!("http://{}", self.listen)),
                ),
                (&["web", "plaintext"], "true".to_owned()),
            ]);
        }
        embedded::config_with(&values).ok_or_else(|| "随附的 config.toml 里少了一项".to_owned())
    }

    fn config(&self, answers: &Answers) -> Result<Config, String> {
        let text = self.text(answers)?;
        Config::parse(&self.file(), &text).map_err(|problems| {
            let words = problems
                .iter()
                .map(|own| format!("{}{}", own.message, own.remedy));
            words.collect::<Vec<_>>().join("；")
        })
    }
}

impl Composer for Written {
    fn options(&self, answers: &Answers) -> Result<Options, String> {
        self.config(answers).map(|config| options(&config))
    }

    fn write(&self, answers: &Answers) -> anyhow::Result<()> {
        let text = self.text(answers).map_err(Misuse)?;
        write_whole(&self.file(), text.as_bytes())
            .with_context(|| format!("{} 写不了", self.file().display()))
    }
}

fn database(data: &str) -> String {
    Path::new(data).join("taizhang.sqlite3").display().to_string()
}
