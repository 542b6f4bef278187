//! A roster that is handed in: streamed into the data folder, never kept in memory.

use std::sync::Arc;

use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use tokio::time::timeout;

use crate::desk::uploads::{Incoming, Purpose, begin};
use crate::domain::ids::ProgramId;
use crate::domain::program::RosterTable;
use crate::web::App;
use crate::web::answer::{Wrong, see};
use crate::web::body::time_for;
use crate::web::who::Who;

/// Fields of the form at most.
const MOST_FIELDS: usize = 8;

fn too_large() -> Wrong {
    Wrong::told(
        StatusCode::PAYLOAD_TOO_LARGE,
        (
            "文件超过5MB。名册不会这么大，请核对是不是拿错了文件",
            "The file has more than 5 MB. No roster is so large; check that it is the right one",
        ),
    )
}

fn incomplete() -> Wrong {
    Wrong::told(
        StatusCode::UNPROCESSABLE_ENTITY,
        (
            "没有收到文件，请返回上一页选择文件再上传",
            "No file came; go back, choose one and upload it",
        ),
    )
}

/// `POST /settings/programs/{program}/upload`.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Wrong> {
    let (id, tables) = super::kept(&app, &who, &id)?;
    let within = time_for(request.headers());
    let taken = timeout(within, taken(&app, &who, (&id, &tables), request)).await;
    let key = taken.map_err(|_| {
        Wrong::told(
            StatusCode::REQUEST_TIMEOUT,
            ("没有收完，请重试", "It didn't come whole; try again"),
        )
    })??;
    Ok(see(&format!("/settings/programs/{id}/changes/{key}")))
}

/// Takes the form; gives what its file is known by.
async fn taken(
    app: &App,
    who: &Who,
    (id, tables): (&ProgramId, &[RosterTable]),
    request: Request,
) -> Result<String, Wrong> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| {
        Wrong::told(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            (
                "这个网页只收带文件的表单",
                "This page takes forms with a file only",
            ),
        )
    })?;
    let (mut ours, mut table, mut until) = (false, None, None);
    for _ in 0..MOST_FIELDS {
        let field = form.next_field().await.map_err(|error| wrong(&error))?;
        let Some(field) = field else { break };
        match field.name().unwrap_or_default() {
            "token" => {
                who.made(&text(field).await?)?;
                ours = true;
            }
            "table" => table = RosterTable::parse(&text(field).await?),
            "until" => until = text(field).await?.parse::<NaiveDate>().ok(),
            // Nothing is taken before it is known that it comes from our page.
            "file" if ours => {
                let table = table
                    .filter(|own| tables.contains(own))
                    .ok_or_else(Wrong::not_found)?;
                let purpose = Purpose {
                    account: who.account.id,
                    program: id.clone(),
                    table,
                    until: until.unwrap_or_else(|| app.site.clock.now().date_naive()),
                };
                let incoming = begin(&app.site, &purpose)?;
                return file(incoming, field).await?.ok_or_else(incomplete);
            }
            _ => {}
        }
    }
    Err(incomplete())
}

/// A short field.
async fn text(mut field: Field<'_>) -> Result<String, Wrong> {
    const LONGEST: usize = 200;
    let mut text = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| wrong(&error))? {
        text.extend_from_slice(&piece);
        if text.len() > LONGEST {
            return Err(incomplete());
        }
    }
    String::from_utf8(text).map_err(|_| incomplete())
}

async fn file(mut incoming: Incoming, mut field: Field<'_>) -> Result<Option<String>, Wrong> {
    let mut fits = true;
    // What is too much is let pass by: who is answered in the middle of sending
    // reads no answer.
    while let Some(piece) = field.chunk().await.map_err(|error| wrong(&error))? {
        fits = fits && incoming.take(&piece)?;
    }
    if fits {
        Ok(incoming.finish()?)
    } else {
        Err(too_large())
    }
}

/// Too much, or broken off.
fn wrong(error: &axum::extract::multipart::MultipartError) -> Wrong {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large()
    } else {
        Wrong::told(
            StatusCode::BAD_REQUEST,
            ("文件没有收完，请重试", "The file didn't come whole; try again"),
        )
    }
}
