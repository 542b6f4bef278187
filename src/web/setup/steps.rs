//! The steps but for mail.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::{Answer, Plain, on, page, setup, shown};
use crate::desk::ahead::{self, AheadPage};
use crate::desk::holidays::known_years;
use crate::desk::setup::{
    Choice, Dates, FirstForm, Making, Office, Person, Place, Places, Redated, Step, choices,
    dates as due_dates, first_form, looked_at, making, person, redate,
};
use crate::desk::{Misuse, is_fault};
use crate::domain::language::worded;
use crate::domain::mail_address::fault;
use crate::web::App;
use crate::web::answer::{Wrong, see};
use crate::web::body::Posted;
use crate::web::who::Who;

#[derive(Serialize)]
struct Folders {
    dir: String,
    places: Vec<Place>,
}

/// `GET /setup/where`.
pub(super) async fn places(State(app): State<Arc<App>>, who: Who) -> Answer {
    let setup = setup(&app)?;
    let own = Folders {
        dir: setup.dir().display().to_string(),
        places: looked_at(app.site.language(), setup.dir(), &setup.answers().places),
    };
    page(&app, &who, Step::Where, own, None)
}

#[derive(Deserialize)]
pub(super) struct PlacesForm {
    token: String,
    #[serde(flatten)]
    places: Places,
}

/// `POST /setup/where`.
pub(super) async fn keep_places(
    State(app): State<Arc<App>>,
    who: Who,
    Posted(form): Posted<PlacesForm>,
) -> Answer {
    who.made(&form.token)?;
    let setup = setup(&app)?;
    let found = looked_at(app.site.language(), setup.dir(), &form.places);
    if found.iter().any(|own| own.wrong.is_some()) {
        let mut answers = setup.answers();
        answers.places = form.places;
        let own = Folders {
            dir: setup.dir().display().to_string(),
            places: found,
        };
        let words = (
            "有的文件夹不能用，请改好后再往下",
            "Some of the folders can't be used; mend that first",
        );
        let wrong = Some(app.site.language().either(words.0, words.1).to_owned());
        return shown(&app, &who, (Step::Where, answers), own, wrong);
    }
    setup.keep(|answers| {
        answers.places = form.places;
        answers.done.insert(Step::Where);
    })?;
    Ok(on(Step::Where))
}

#[derive(Serialize)]
struct Choices {
    choices: Vec<Choice>,
}

/// `GET /setup/what`.
pub(super) async fn programs(State(app): State<Arc<App>>, who: Who) -> Answer {
    let own = Choices {
        choices: choices(&app.site, &setup(&app)?.answers()),
    };
    page(&app, &who, Step::What, own, None)
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    token: String,
    #[serde(default)]
    program: Vec<String>,
}

/// `POST /setup/what`.
pub(super) async fn keep_programs(
    State(app): State<Arc<App>>,
    who: Who,
    Posted(form): Posted<Chosen>,
) -> Answer {
    who.made(&form.token)?;
    let setup = setup(&app)?;
    let mut answers = setup.answers();
    answers.programs = Some(form.program);
    let all = choices(&app.site, &answers);
    let chosen: Vec<String> = all
        .iter()
        .filter(|own| own.chosen)
        .map(|own| own.id.to_string())
        .collect();
    if chosen.is_empty() {
        let words = app.site.language().either("请至少勾选一项", "Tick one at least");
        let wrong = Some(words.to_owned());
        return shown(&app, &who, (Step::What, answers), Choices { choices: all }, wrong);
    }
    setup.keep(|answers| {
        answers.programs = Some(chosen);
        answers.done.insert(Step::What);
    })?;
    Ok(on(Step::What))
}

/// `GET /setup/who`.
pub(super) async fn office(State(app): State<Arc<App>>, who: Who) -> Answer {
    page(&app, &who, Step::Who, Plain {}, None)
}

#[derive(Deserialize)]
pub(super) struct OfficeForm {
    token: String,
    office: String,
    contact: String,
    phone: String,
    mail: String,
    shown: String,
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// `POST /setup/who`.
pub(super) async fn keep_office(
    State(app): State<Arc<App>>,
    who: Who,
    Posted(form): Posted<OfficeForm>,
) -> Answer {
    who.made(&form.token)?;
    let setup = setup(&app)?;
    let text = |text: &str| text.trim().to_owned();
    let office = Office {
        name: text(&form.office),
        contact: text(&form.contact),
        phone: text(&form.phone),
        mail: text(&form.mail),
    };
    let mut answers = setup.answers();
    answers.office = office.clone();
    let before = answers.person.clone();
    // Who was named before keeps the password where none is typed.
    let same = before.filter(|own| form.password.is_empty() && own.name == form.login.trim());
    let language = app.site.language();
    let wrong = if office.name.is_empty() || office.contact.is_empty() || office.phone.is_empty() {
        let words = (
            "单位、联系人和电话要填写：信函里要写明有疑问找谁",
            "Fill in office, contact and telephone: letters say whom to ask",
        );
        Some(language.either(words.0, words.1).to_owned())
    } else if let Some(fault) = Some(&office.mail)
        .filter(|mail| !mail.is_empty())
        .and_then(|mail| fault(mail))
    {
        Some(worded!(language, "邮箱{fault}", "This isn't a mail address"))
    } else if form.password != form.again {
        let words = language.either("两次输入的密码不一样", "The two passwords differ");
        Some(words.to_owned())
    } else {
        None
    };
    let named = match (wrong, same) {
        (Some(wrong), _) => Err(wrong),
        (None, Some(own)) => Ok(own),
        (None, None) => match person(language, &app.gate, (&form.shown, &form.login, &form.password)).await {
            Err(error) if is_fault(&error) => return Err(error.into()),
            outcome => outcome.map_err(|error| error.to_string()),
        },
    };
    match named {
        Ok(mut person) => {
            let shown = form.shown.trim();
            if !shown.is_empty() {
                shown.clone_into(&mut person.shown);
            }
            setup.keep(|answers| {
                answers.office = office;
                answers.person = Some(person);
                answers.done.insert(Step::Who);
            })?;
            Ok(on(Step::Who))
        }
        Err(wrong) => {
            let typed = answers.person.get_or_insert_with(|| Person {
                shown: String::new(),
                name: String::new(),
                secret: String::new(),
            });
            (typed.shown, typed.name) = (form.shown, form.login);
            shown(&app, &who, (Step::Who, answers), Plain {}, Some(wrong))
        }
    }
}

#[derive(Serialize)]
struct Programs {
    programs: Vec<Dates>,
    /// The years whose days off are known.
    years: String,
}

fn programs_due(app: &App) -> Result<Programs, Wrong> {
    Ok(Programs {
        programs: due_dates(&app.site, &setup(app)?.answers()),
        years: known_years(&app.site),
    })
}

/// `GET /setup/roster`.
pub(super) async fn rosters(State(app): State<Arc<App>>, who: Who) -> Answer {
    page(&app, &who, Step::Roster, programs_due(&app)?, None)
}

#[derive(Deserialize)]
pub(super) struct OnlyToken {
    token: String,
}

/// `POST /setup/roster`.
pub(super) async fn keep_rosters(
    State(app): State<Arc<App>>,
    who: Who,
    Posted(form): Posted<OnlyToken>,
) -> Answer {
    seen(&app, &who, &form, Step::Roster)
}

/// `GET /setup/when`.
pub(super) async fn dates(State(app): State<Arc<App>>, who: Who) -> Answer {
    page(&app, &who, Step::When, programs_due(&app)?, None)
}

/// First periods and due days, a line a programme.
#[derive(Deserialize)]
pub(super) struct DatesForm {
    token: String,
    #[serde(default)]
    program: Vec<String>,
    #[serde(default)]
    first: Vec<String>,
    #[serde(default)]
    day: Vec<String>,
}

/// `POST /setup/when`.
pub(super) async fn keep_dates(
    State(app): State<Arc<App>>,
    who: Who,
    Posted(form): Posted<DatesForm>,
) -> Answer {
    who.made(&form.token)?;
    let setup = setup(&app)?;
    let at = |all: &[String], line: usize| all.get(line).cloned().unwrap_or_default();
    let lines = form.program.iter().enumerate();
    let typed: Vec<Redated> = lines
        .map(|(line, program)| Redated {
            program: program.clone(),
            first: at(&form.first, line),
            day: at(&form.day, line),
        })
        .collect();
    let before = programs_due(&app)?;
    match redate(&app.site, &setup.answers(), &typed).await {
        Ok(()) => {}
        Err(error) if error.is::<Misuse>() => {
            let wrong = Some(error.to_string());
            return page(&app, &who, Step::When, programs_due(&app)?, wrong);
        }
        Err(error) => return Err(error.into()),
    }
    setup.keep(|answers| {
        answers.done.insert(Step::When);
    })?;
    // What was changed moves the dates: they are to be seen before it goes on.
    let after = programs_due(&app)?;
    let same = before
        .programs
        .iter()
        .map(moved)
        .eq(after.programs.iter().map(moved));
    if same {
        return Ok(on(Step::When));
    }
    Ok(see("/setup/when"))
}

fn moved(own: &Dates) -> (Option<&str>, Option<u32>) {
    (own.first.as_deref(), own.day)
}

/// A step in which nothing is typed was looked at.
fn seen(app: &App, who: &Who, form: &OnlyToken, step: Step) -> Answer {
    who.made(&form.token)?;
    setup(app)?.keep(|answers| {
        answers.done.insert(step);
    })?;
    Ok(on(step))
}

#[derive(Serialize)]
struct Look<'a> {
    places: Vec<Place>,
    making: Vec<Making>,
    form: Option<FirstForm>,
    ahead: AheadPage<'a>,
    /// Steps that aren't done.
    missing: Vec<Step>,
}

/// `GET /setup/look`.
pub(super) async fn look(State(app): State<Arc<App>>, who: Who) -> Answer {
    looked(&app, &who, None).await
}

/// All of it once more, with why it couldn't be made.
pub(super) async fn looked(app: &App, who: &Who, wrong: Option<String>) -> Answer {
    let setup = setup(app)?;
    let answers = setup.answers();
    let (making, planned) = making(&app.site, &answers).await?;
    let now = app.site.clock.now();
    let missing = Step::ALL.into_iter().filter(|own| *own != Step::Look);
    let own = Look {
        places: looked_at(app.site.language(), setup.dir(), &answers.places),
        making,
        form: first_form(&app.site, &answers).await?,
        ahead: ahead::page(app.site.language(), &app.site.calendar(), now, &planned, 1),
        missing: missing.filter(|own| !answers.done.contains(own)).collect(),
    };
    page(app, who, Step::Look, own, wrong)
}
