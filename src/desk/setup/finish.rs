//! The last step: the site is made of what was answered. Whatever ends on the
//! way, it is done again as a whole; the configuration comes last.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Context as _;

use super::places::looked_at;
use super::plan::chosen;
use super::{Answers, Person, Setup};
use crate::desk::accounts::{Gate, Token};
use crate::desk::{Misuse, misuse};
use crate::domain::account::Role;
use crate::domain::actor::Actor;
use crate::domain::language::worded;
use crate::domain::program::with_trial;
use crate::jobs::pass::make_share;
use crate::jobs::site::Site;
use crate::mail::Password;
use crate::platform::durable::{write_private, write_whole};
use crate::platform::make_private_folder;
use crate::store::{Entry, NewAccount};

/// Makes the site, of which `draft` is the draft, on trial or not; gives the
/// first user's session. Who comes second is told that it is made.
///
/// # Errors
/// Something isn't answered yet or can't be ([`Misuse`]); folders, templates or
/// database can't be written.
pub async fn finish(setup: &Setup, draft: &Arc<Site>, trial: bool) -> anyhow::Result<Token> {
    let language = draft.language();
    let mut done = setup.finishing.lock().await;
    if *done {
        misuse!(language, "站点已经建好", "the site is made already");
    }
    setup.keep(|answers| answers.trial = trial)?;
    let answers = setup.answers();
    let person = complete(setup, draft, &answers)?;
    for program in chosen(draft, &answers) {
        let file = draft
            .options
            .templates
            .join("programs")
            .join(program.id.as_str())
            .join("program.toml");
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let next = with_trial(&text, trial).ok_or_else(|| {
            Misuse(worded!(
                language,
                "{} 里没有 trial 这一项",
                "{} has no entry trial",
                file.display()
            ))
        })?;
        if next != text {
            write_whole(&file, next.as_bytes()).with_context(|| format!("{} 写不了", file.display()))?;
        }
    }
    let options = setup.composer.options(&answers).map_err(Misuse)?;
    if let (true, Password::File(target)) = (answers.mail.has_password, &options.mail.smtp.password) {
        make_private_folder(&options.data)?;
        target.parent().map(make_private_folder).transpose()?;
        let password = std::fs::read(setup.password_file()).context("邮箱密码读不出来，请重新填写")?;
        write_private(target, &password).with_context(|| format!("{} 写不了", target.display()))?;
    }
    let site = Arc::new(Box::pin(Site::open(options, draft.clock.clone())).await?);
    let token = made(&site, &person).await;
    site.store.close().await;
    let token = token?;
    setup.composer.write(&answers)?;
    *done = true;
    setup.finished.send_replace(true);
    Ok(token)
}

/// The first user, where nothing is missing.
fn complete(setup: &Setup, draft: &Site, answers: &Answers) -> anyhow::Result<Person> {
    let language = draft.language();
    for place in looked_at(language, setup.dir(), &answers.places) {
        if let Some(wrong) = place.wrong {
            misuse!(language, "{}：{wrong}", "{}: {wrong}", place.path.display());
        }
    }
    if chosen(draft, answers).is_empty() {
        misuse!(
            language,
            "还没有选收什么，请到第2步勾选",
            "nothing is chosen to be collected; tick it in step 2"
        );
    }
    let Some(person) = answers.person.clone() else {
        misuse!(
            language,
            "还没有第一个用户，请到第3步填写",
            "there is no first user; fill it in in step 3"
        )
    };
    Ok(person)
}

/// Folders of the share, and the first user with a session.
async fn made(site: &Arc<Site>, person: &Person) -> anyhow::Result<Token> {
    if let Some(problem) = site.problems().first() {
        return Err(Misuse(problem.to_string()).into());
    }
    make_share(site).await?;
    let nameless = site.language().either("请填写姓名", "please fill in the name");
    let by = Actor::at_page(&person.shown).ok_or_else(|| Misuse(nameless.into()))?;
    let new = NewAccount {
        name: &person.name,
        shown: &person.shown,
        role: Role::Office,
        programs: &BTreeSet::new(),
        secret: &person.secret,
        must_change: false,
    };
    let mut change = site.store.begin().await?;
    // It is there where setting up ended between the two.
    if site.store.add_account(&mut change, &new).await?.is_some() {
        let entry = Entry {
            by: by.name(),
            via: by.via(),
            what: "account-added",
            detail: person.name.clone().into(),
            ..Entry::default()
        };
        site.store.log(&mut change, site.clock.utc(), &entry).await?;
    }
    let known = site.store.account_named(&person.name).await?;
    // The password that was typed last is the one.
    if let Some((account, _)) = known.filter(|(_, secret)| *secret != person.secret) {
        let store = &site.store;
        store
            .set_secret(&mut change, account.id, &person.secret, false)
            .await?;
    }
    change.commit().await?;
    let known = site.store.account_named(&person.name).await?;
    let (account, _) = known.context("刚建的用户不见了")?;
    Gate::open_session(site, &account).await
}
