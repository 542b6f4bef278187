//! Workbooks of Excel 2007 and later, and of WPS.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use calamine::{Reader as _, Xlsx, XlsxError, XlsxFormulaMetadata};
use quick_xml::events::Event;

use super::failure::{ReadFailure, Reading, Stop};
use super::formats;
use super::layout::{Layout, pictures};
use super::limits::Limits;
use super::package::{Package, Repacked};
use super::sheet_rows::{SheetRows, check_filled, filled_in};
use super::values::from_ref;
use super::xml::{attribute, reader};
use crate::domain::table::{FileKind, FileTimes, Pos, Sheet, Value, Workbook};

/// Reads values with calamine, cell by cell, and the layout with a pass of our own.
pub(super) fn read(file: impl Read + Seek, kind: FileKind, limits: &Limits) -> Reading<Workbook> {
    let mut package = Package::open(file, limits)?;
    let mut repacked = Repacked::new();
    let (listed, mut layouts) = unpack(&mut package, &mut repacked, limits)?;
    let mut book = Workbook {
        kind,
        sheets: Vec::with_capacity(listed.len()),
        properties: BTreeMap::new(),
        times: FileTimes::default(),
        page_texts: Vec::new(),
        has_macros: package.any_named("/vbaproject.bin") || package.any_in("xl/macrosheets/"),
        has_external_links: package.any_in("xl/externallinks/"),
    };
    drop(package);
    let mut source = Xlsx::new(repacked.finish()?)?;
    let mut filled = 0;
    for (ListedSheet { name, hidden, .. }, layout) in listed.into_iter().zip(layouts.drain(..)) {
        let Some(mut sheet) = read_sheet(&mut source, name, limits, filled)? else {
            continue;
        };
        formats::note(&mut source, &mut sheet)?;
        sheet.hidden = hidden;
        book.page_texts.extend(layout.page_texts.iter().cloned());
        layout.apply(&mut sheet);
        drop_picture_errors(&mut sheet);
        filled += filled_in(&sheet);
        check_filled(filled, limits)?;
        book.sheets.push(sheet);
    }
    // Properties are a help, not a part of the ledger: without them it reads all the same.
    let properties = source.workbook_properties().unwrap_or_default();
    book.times = FileTimes {
        created: properties.created,
        modified: properties.modified,
    };
    book.properties = properties.custom_properties.into_iter().collect();
    Ok(book)
}

/// A sheet as the workbook's main part lists it.
struct ListedSheet {
    name: String,
    target: String,
    hidden: bool,
}

/// Takes the parts that matter out of the package, each once: into the
/// container for the main reader, and into the layouts.
fn unpack<R: Read + Seek>(
    package: &mut Package<R>,
    repacked: &mut Repacked,
    limits: &Limits,
) -> Reading<(Vec<ListedSheet>, Vec<Layout>)> {
    let root = package.xml("_rels/.rels")?.ok_or_else(ReadFailure::damaged)?;
    let main = relationships(&root.text())?
        .into_iter()
        .rfind(|link| link.kind.ends_with("/relationships/officeDocument"))
        .ok_or_else(ReadFailure::damaged)?
        .target;
    let (folder, main) = main
        .trim_start_matches('/')
        .rsplit_once('/')
        .unwrap_or(("", main.as_str()));
    let folder = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    repacked.add("_rels/.rels", Some(root))?;

    let links_name = format!("{folder}_rels/{main}.rels");
    let links_part = package.xml(&links_name)?.ok_or_else(ReadFailure::damaged)?;
    let links = relationships(&links_part.text())?;
    // The main reader stumbles over kinds of sheets that it doesn't know, even unread.
    if links.iter().any(Link::is_no_table) {
        repacked.add_bytes(&links_name, as_tables(&links_part.text(), &links).as_bytes())?;
    } else {
        repacked.add(&links_name, Some(links_part))?;
    }

    let main_name = format!("{folder}{main}");
    let main_part = package.xml(&main_name)?.ok_or_else(ReadFailure::damaged)?;
    let listed = list_sheets(&main_part.text(), &links, limits)?;
    repacked.add(&main_name, Some(main_part))?;

    for shared in ["sharedStrings.xml", "styles.xml"].map(|name| format!("{folder}{name}")) {
        repacked.add(&shared, package.xml(&shared)?)?;
    }
    for properties in ["docProps/custom.xml", "docProps/core.xml"] {
        repacked.add(properties, package.xml(properties)?)?;
    }
    let cells_have_metadata = package.any_named("/metadata.xml");
    let mut layouts = Vec::new();
    for sheet in &listed {
        // The main reader puts a relative target after the folder as it is.
        let asked = sheet
            .target
            .strip_prefix('/')
            .map_or_else(|| format!("{folder}{}", sheet.target), Into::into);
        let path = resolve(&asked);
        let part = package.xml(&path)?;
        let mut layout = part
            .as_ref()
            .map(|part| Layout::read(&part.text(), cells_have_metadata))
            .transpose()?
            .unwrap_or_default();
        if let Some(id) = layout.drawing.take() {
            layout.pictures.extend(drawn_pictures(package, &path, &id)?);
        }
        repacked.add(&asked, part)?;
        layouts.push(layout);
    }
    Ok((listed, layouts))
}

fn list_sheets(workbook: &str, links: &[Link], limits: &Limits) -> Reading<Vec<ListedSheet>> {
    let mut listed: Vec<ListedSheet> = Vec::new();
    let mut events = reader(workbook);
    loop {
        match events.read_event()? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "sheet" => {
                if listed.len() == limits.sheets {
                    return Err(ReadFailure::TooLarge(format!("工作表超过{}个", limits.sheets)).into());
                }
                let name = attribute(&element, "name").unwrap_or_default().into_owned();
                if listed.iter().any(|other| other.name == name) {
                    return Err(ReadFailure::damaged().into());
                }
                let id = attribute(&element, "id").unwrap_or_default();
                let link = links.iter().find(|link| link.id == id);
                if link.is_some_and(Link::is_no_table) {
                    continue;
                }
                let target = link.map(|link| link.target.clone());
                let hidden = attribute(&element, "state").is_some_and(|state| state != "visible");
                listed.push(ListedSheet {
                    name,
                    hidden,
                    target: target.ok_or_else(ReadFailure::damaged)?,
                });
            }
            Event::Eof => return Ok(listed),
            _ => {}
        }
    }
}

fn drawn_pictures<R: Read + Seek>(package: &mut Package<R>, sheet: &str, id: &str) -> Reading<Vec<Pos>> {
    let (folder, name) = sheet.rsplit_once('/').unwrap_or(("", sheet));
    let Some(links) = package.xml(&resolve(&format!("{folder}/_rels/{name}.rels")))? else {
        return Ok(Vec::new());
    };
    let Some(link) = relationships(&links.text())?
        .into_iter()
        .find(|link| link.id == id)
    else {
        return Ok(Vec::new());
    };
    let path = if link.target.starts_with('/') {
        link.target
    } else {
        format!("{folder}/{}", link.target)
    };
    package
        .xml(&resolve(&path))?
        .map_or(Ok(Vec::new()), |drawing| pictures(&drawing.text()))
}

/// One line of a relationships part.
struct Link {
    id: String,
    kind: String,
    target: String,
}

impl Link {
    /// A sheet of macros or a dialog: no table of cells.
    fn is_no_table(&self) -> bool {
        ["/xlMacrosheet", "/xlIntlMacrosheet", "/dialogsheet"]
            .iter()
            .any(|end| self.kind.ends_with(end))
    }
}

/// Relationships in which every sheet is a table of cells.
fn as_tables(text: &str, links: &[Link]) -> String {
    const TABLE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
    let odd = links.iter().filter(|link| link.is_no_table());
    odd.fold(text.to_owned(), |text, link| {
        text.replace(&format!("\"{}\"", link.kind), &format!("\"{TABLE}\""))
    })
}

fn relationships(text: &str) -> Reading<Vec<Link>> {
    let mut links = Vec::new();
    let mut events = reader(text);
    loop {
        match events.read_event()? {
            Event::Start(element) | Event::Empty(element)
                if element.local_name().as_ref() == "Relationship" =>
            {
                let take = |name| attribute(&element, name).unwrap_or_default().into_owned();
                links.push(Link {
                    id: take("Id"),
                    kind: take("Type"),
                    target: take("Target"),
                });
            }
            Event::Eof => return Ok(links),
            _ => {}
        }
    }
}

/// A part's path without `.` and `..`.
fn resolve(path: &str) -> String {
    let mut steps = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// The values of one sheet; none for a sheet that is a chart. `filled`: the
/// cells of the sheets before.
fn read_sheet<R: Read + Seek>(
    source: &mut Xlsx<R>,
    name: String,
    limits: &Limits,
    filled: u64,
) -> Reading<Option<Sheet>> {
    let mut cells = match source.worksheet_cells_reader(&name) {
        Ok(cells) => cells,
        Err(XlsxError::NotAWorksheet(kind)) if matches!(&*kind, "chartsheet" | "dialogsheet") => {
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let mut rows = SheetRows::new(&name, limits, filled);
    let mut pictures = Vec::new();
    while let Some(cell) = cells.next_cell_with_formula_metadata()? {
        let (row, column) = cell.pos;
        if let Some(XlsxFormulaMetadata::Normal { formula }) = &cell.formula
            && formula.contains("DISPIMG(")
        {
            // WPS puts a picture into a cell by a formula; its saved text means nothing to people.
            pictures.extend(super::xml::place(row, column));
            continue;
        }
        rows.push(row, column, from_ref(cell.value), cell.formula.is_some())?;
    }
    let rows = rows.finish();
    Ok(Some(Sheet {
        name,
        rows,
        pictures,
        ..Sheet::default()
    }))
}

/// A picture placed in a cell by Excel leaves an error as the cell's value; it is none.
fn drop_picture_errors(sheet: &mut Sheet) {
    for &Pos { row, column } in &sheet.pictures {
        if let Ok(at) = sheet.rows.binary_search_by_key(&row, |row| row.index) {
            let cells = &mut sheet.rows[at].cells;
            cells.retain(|cell| {
                cell.column != column || cell.formula || !matches!(cell.value, Value::Error(_))
            });
        }
    }
    sheet.rows.retain(|row| !row.cells.is_empty());
}

impl From<XlsxError> for Stop {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Io(error) => error.into(),
            XlsxError::Password => ReadFailure::Encrypted.into(),
            _ => ReadFailure::damaged().into(),
        }
    }
}
