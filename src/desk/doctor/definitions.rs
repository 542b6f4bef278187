//! Programmes, their rosters and their ladders.

use super::{Line, fail, note, well};
use crate::domain::ladder::{Role, Trigger};
use crate::domain::language::Language;
use crate::domain::mail_address::is_reserved;
use crate::domain::notices::{Recipient, addresses, who};
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::mail::TransportKind;

/// What is to be said of the programmes and their rosters.
pub(super) fn lines(site: &Site) -> Vec<Line> {
    let mut lines: Vec<Line> = site
        .problems()
        .iter()
        .map(|problem| fail("方案", problem.to_string()))
        .collect();
    for program in site.programs() {
        let units = program.roster.units.len();
        lines.push(well(
            "方案",
            format!("{}（{}），{units} 个单位", program.id, program.name),
        ));
        lines.extend(waits_for_nobody(site, &program).map(|words| fail("方案", words)));
        if !program.assumed.is_empty() {
            let keys: Vec<&str> = program.assumed.iter().map(String::as_str).collect();
            lines.push(note(
                "方案",
                format!(
                    "{} 中这些值是默认的，文件没有规定，请确认：{}",
                    program.id,
                    keys.join("、")
                ),
            ));
        }
        let reserved = addresses(&program)
            .filter(|(_, _, mail)| is_reserved(mail))
            .count();
        lines.extend(gaps(site, &program).into_iter().map(|words| note("名册", words)));
        if reserved > 0 && site.options.mail.transport == TransportKind::File {
            lines.push(note(
                "名册",
                format!(
                    "{} 还有 {reserved} 个占位邮箱（.example），发信前请换成真实地址",
                    program.id
                ),
            ));
        }
    }
    if site.programs().is_empty() {
        lines.push(fail(
            "方案",
            format!("{} 下没有可用的方案", site.options.templates.display()),
        ));
    }
    lines
}

/// What a programme's letters lack: whom to ask, whom to reach, and steps that
/// come too late.
fn gaps(site: &Site, program: &Program) -> Vec<String> {
    let mut gaps = Vec::new();
    let id = &program.id;
    let office = &program.office;
    let lacks: Vec<&str> = [("联系人", &office.contact), ("联系电话", &office.phone)]
        .into_iter()
        .filter(|(_, value)| value.trim().is_empty())
        .map(|(what, _)| what)
        .collect();
    if !lacks.is_empty() {
        gaps.push(format!(
            "{id} 没有写汇总单位的{}，收信的人不知道问谁；请在 program.toml 或 config.toml 的 [office] 里补上",
            lacks.join("和")
        ));
    }
    if addresses(program).next().is_none() {
        gaps.push(format!(
            "{id} 没有一个邮箱，所有信函都要由人送达；请在名册和 program.toml 里补上"
        ));
    }
    let roster = &program.roster;
    let idle: Vec<&str> = roster
        .leaders
        .iter()
        .filter(|leader| !leader.coordinating)
        .filter(|leader| roster.units.iter().all(|unit| !unit.leaders.contains(&leader.id)))
        .map(|leader| leader.name.as_str())
        .collect();
    if !idle.is_empty() {
        gaps.push(format!(
            "{id} 的领导名册里，这些领导没有任何单位填报：{}；请在单位名册的“挂点领导”里补上，或者从领导名册中删去",
            idle.join("、")
        ));
    }
    gaps.extend(behind_the_close(site, program));
    gaps.extend(unreached(program));
    gaps
}

/// A programme that waits for one that doesn't run here.
fn waits_for_nobody(site: &Site, program: &Program) -> Option<String> {
    let after = program.deadline.after.as_ref()?;
    site.program(after).is_none().then(|| {
        format!(
            "{} 要等 {after} 报齐才到期，而 {after} 没有启用；请在 config.toml 的 [programs] enabled 里加上它",
            program.id
        )
    })
}

/// Steps of the ladder that come after the period has closed.
fn behind_the_close(site: &Site, program: &Program) -> Option<String> {
    let (calendar, now) = (site.calendar(), site.clock.now());
    let period = program.open_period(&calendar, now)?;
    let due = program.due(&period, &calendar, now.timezone())?;
    let late: Vec<String> = program
        .ladder
        .steps
        .iter()
        .filter(|step| match step.trigger {
            Trigger::Days(days) => {
                let day = calendar.add_working_days(due.at.date_naive(), i64::from(days));
                days > 0 && crate::domain::dates::civil(now.timezone(), day, step.time) >= due.close
            }
            _ => false,
        })
        .map(|step| format!("{}（{}）", step.id, step.kind.label(Language::Chinese)))
        .collect();
    (!late.is_empty()).then(|| {
        format!(
            "{} 的这些步骤排在关期（截止后{}个工作日）之后，到时情况报告和通报已经写好：{}；请把 days 改小，或者把 close_after 改大",
            program.id,
            program.deadline.close_after,
            late.join("、")
        )
    })
}

/// Steps all of whose recipients are reached by hand.
fn unreached(program: &Program) -> Option<String> {
    let has_address = |role: Role| -> bool {
        let reached = |own: &Recipient| !own.address.is_empty();
        match role {
            // Where the programme has no leaders, those steps go to the office.
            Role::Leader | Role::Coordinating if program.roster.leaders.is_empty() => true,
            Role::GroupHead => {
                let items = program.material.items().into_iter();
                let mut groups = items.flat_map(|items| &items.groups);
                groups.any(|group| !group.head.mail.trim().is_empty())
            }
            Role::Liaison | Role::Head | Role::Leader => program.roster.units.iter().any(|unit| {
                let kind = crate::domain::ladder::Kind::Returned;
                who(program, role, Some(unit), kind).iter().any(reached)
            }),
            _ => who(program, role, None, crate::domain::ladder::Kind::Returned)
                .iter()
                .any(reached),
        }
    };
    let mut roles: Vec<Role> = program
        .ladder
        .steps
        .iter()
        .flat_map(|step| step.to.clone())
        .collect();
    roles.sort_unstable();
    roles.dedup();
    let by_hand: Vec<&str> = roles
        .iter()
        .filter(|role| !has_address(**role))
        .map(|role| role.label(Language::Chinese))
        .collect();
    let anybody = addresses(program).next().is_some();
    (anybody && !by_hand.is_empty()).then(|| {
        format!(
            "{} 要给这些人写信，却没有一个有邮箱，只能由人送达：{}",
            program.id,
            by_hand.join("、")
        )
    })
}
