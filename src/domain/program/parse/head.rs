//! The top of a definition: what it is called, who ordered it, who collects.

use super::names::{folder_fault, is_id};
use super::{Kind, ProgramSource};
use crate::domain::definition::Section;
use crate::domain::language::Language;
use crate::domain::mail_address;
use crate::domain::program::{Basis, Intake, Office};

/// The version of the format that is understood.
const SCHEMA: u32 = 1;

pub struct Head {
    pub id: String,
    pub kind: Kind,
    pub name: String,
    pub matter: String,
    pub folder: String,
    pub language: Language,
    pub intake: Intake,
    pub ordered: bool,
    pub contacts: Vec<String>,
    pub basis: Basis,
    pub office: Office,
    pub supervision: Option<Office>,
}

pub fn read(root: &Section<'_>, source: &ProgramSource) -> Head {
    if let Some(schema) = root.integer("schema", 1..=u32::MAX)
        && schema != SCHEMA
    {
        root.report(
            "schema",
            format!("定义的格式版本是{schema}，本程序只认得{SCHEMA}。"),
            format!("写 schema = {SCHEMA}；若定义来自新版程序，请升级本程序。"),
        );
    }
    let kinds = [
        ("log", Kind::Log),
        ("register", Kind::Register),
        ("document", Kind::Document),
    ];
    let kind = root.choice("kind", &kinds);
    if !root.has("kind") {
        root.missing(
            "kind",
            "\"log\"（台账）、\"register\"（登记簿）或 \"document\"（材料）",
        );
    }
    let languages = [("zh-CN", Language::Chinese), ("en", Language::English)];
    let intakes = [("anywhere", Intake::Anywhere), ("folders", Intake::Folders)];
    let name = root.required_text("name", "乌塘镇领导挂点联系“百千万工程”调研台账");
    Head {
        id: id(root, source),
        kind: kind.unwrap_or(Kind::Log),
        matter: root
            .text("matter")
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| name.clone()),
        name,
        folder: folder(root),
        language: root.choice("language", &languages).unwrap_or(Language::Chinese),
        ordered: root.boolean("ordered").unwrap_or(false),
        intake: root.choice("intake", &intakes).unwrap_or(Intake::Anywhere),
        contacts: root
            .texts("contacts")
            .unwrap_or_else(|| vec!["明细".to_owned(), "Details".to_owned()]),
        basis: basis(&root.section("basis")),
        office: office(&root.section("office"), "乌塘镇“百千万工程”指挥部办公室"),
        supervision: supervision(&root.section("supervision")),
    }
}

fn id(root: &Section<'_>, source: &ProgramSource) -> String {
    let id = root.required_text("id", &source.folder);
    if id.is_empty() {
        return id;
    }
    if !is_id(&id) {
        root.report(
            "id",
            format!("“{id}”不能作编号。"),
            "只用小写字母、数字和连字符，例如 wutang-visits。",
        );
    } else if id != source.folder {
        root.report(
            "id",
            format!("编号“{id}”与文件夹名“{}”不同。", source.folder),
            format!("把 id 写成“{}”，或把文件夹改名为“{id}”。", source.folder),
        );
    }
    id
}

fn folder(root: &Section<'_>) -> String {
    let folder = root.required_text("folder", "乌塘挂点台账");
    if let Some((message, remedy)) = folder_fault(&folder) {
        root.report("folder", message, remedy);
    }
    folder
}

/// How an official document may be made public (公开方式).
const DISCLOSURES: [&str; 3] = ["主动公开", "依申请公开", "不予公开"];

fn basis(section: &Section<'_>) -> Basis {
    let disclosure = section.text("disclosure").unwrap_or_default();
    if !disclosure.is_empty() && !DISCLOSURES.contains(&disclosure.as_str()) {
        section.report(
            "disclosure",
            format!("公开方式没有“{disclosure}”。"),
            format!("写以下之一：{}。", DISCLOSURES.join("、")),
        );
    }
    Basis {
        disclosure,
        title: section.text("title").unwrap_or_default(),
        number: section.text("number").unwrap_or_default(),
        date: section.date("date"),
        effective: section.date("effective"),
        clause: section.text("clause").unwrap_or_default(),
    }
}

fn supervision(section: &Section<'_>) -> Option<Office> {
    section.exists().then(|| Office {
        bulletins: section.boolean("bulletins").unwrap_or(false),
        ..office(section, "镇纪检监察办公室")
    })
}

fn office(section: &Section<'_>, example: &str) -> Office {
    let name = section.required_text("name", example);
    let mail = section.text("mail").unwrap_or_default();
    if let Some(fault) = mail_address::fault(&mail).filter(|_| !mail.is_empty()) {
        section.report(
            "mail",
            format!("“{mail}”不是邮箱地址：{fault}。"),
            "应写成 name@example.gov.cn；没有邮箱写 \"\"。",
        );
    }
    Office {
        name,
        contact: section.text("contact").unwrap_or_default(),
        phone: section.text("phone").unwrap_or_default(),
        mail,
        bulletins: false,
    }
}
