//! `user`: who may log in to the office's page.

use std::collections::BTreeSet;

use serde::Serialize;

use super::args::{Common, TableFormat, Users};
use super::{Exit, output, site};
use crate::desk::{accounts, named};
use crate::domain::account::Account;
use crate::domain::ids::ProgramId;

/// Carries out the command.
///
/// # Errors
/// Unknown user or programme, a name that is taken, or the database is gone.
pub async fn run(common: &Common, command: &Users) -> anyhow::Result<Exit> {
    if let Users::List(options) = command {
        return list(common, options.format).await;
    }
    let site = site::open(common).await?;
    let by = site::actor(common)?;
    match command {
        Users::Add(options) => {
            let programs = options.programs.iter();
            let programs = programs
                .map(|name| named::program(&site, Some(name)).map(|program| program.id.clone()))
                .collect::<Result<BTreeSet<ProgramId>, _>>()?;
            let names = (options.name.as_str(), options.shown.as_str());
            let (_, password) = accounts::add_user(&site, &by, names, options.role.into(), &programs).await?;
            say!("已增加用户“{}”。初始密码：{password}", options.name);
            say!("请当面告诉本人，第一次登录时要改成自己的。");
        }
        Users::Change(options) => {
            let named = options.programs.iter();
            let named = named
                .map(|name| named::program(&site, Some(name)).map(|program| program.id.clone()))
                .collect::<Result<BTreeSet<ProgramId>, _>>()?;
            let programs = (options.all || !named.is_empty()).then_some(named);
            let fresh = (options.role.map(Into::into), programs);
            accounts::change_user(&site, &by, &options.name, fresh).await?;
            say!("用户“{}”已改，随即生效。", options.name);
        }
        Users::Reset(options) => {
            let password = accounts::reset_user(&site, &by, &options.name).await?;
            say!("用户“{}”的初始密码：{password}", options.name);
            say!("请当面告诉本人，登录时要改成自己的。");
        }
        Users::Disable(options) => {
            accounts::disable_user(&site, &by, &options.name).await?;
            say!("用户“{}”已停用，已登录的随即退出。", options.name);
        }
        Users::List(_) => {}
    }
    Ok(Exit::Well)
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    shown: &'a str,
    role: &'static str,
    programs: Vec<&'a str>,
    disabled: bool,
    must_change: bool,
    last_login: Option<String>,
}

async fn list(common: &Common, format: TableFormat) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    let zone = site.clock.zone();
    let users = accounts::users(&site).await?;
    let last = |own: &Account| own.logins.0.map(|at| at.with_timezone(&zone));
    match format {
        TableFormat::Json => {
            let lines = users.iter().map(|own| Line {
                name: &own.name,
                shown: &own.shown,
                role: own.role.as_str(),
                programs: own.programs.iter().map(ProgramId::as_str).collect(),
                disabled: own.disabled,
                must_change: own.must_change,
                last_login: last(own).map(crate::desk::times::written),
            });
            output::json(&lines.collect::<Vec<_>>())?;
        }
        TableFormat::Table if users.is_empty() => {
            say!("还没有用户。taizhang user add 登录名 --shown 姓名 增加一个。");
        }
        TableFormat::Table => {
            let rows: Vec<Vec<String>> = users
                .iter()
                .map(|own| {
                    let programs: Vec<&str> = own.programs.iter().map(ProgramId::as_str).collect();
                    vec![
                        own.name.clone(),
                        own.shown.clone(),
                        own.role.label().to_owned(),
                        if programs.is_empty() {
                            "全部".to_owned()
                        } else {
                            programs.join("、")
                        },
                        match (own.disabled, own.must_change) {
                            (true, _) => "停用".to_owned(),
                            (_, true) => "未改初始密码".to_owned(),
                            _ => String::new(),
                        },
                        last(own).map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M").to_string()),
                    ]
                })
                .collect();
            output::table(&["登录名", "姓名", "角色", "台账", "状态", "上次登录"], &rows);
        }
    }
    Ok(Exit::Well)
}
