//! A register from a document.

use std::path::Path;

use taizhang::desk::import::{self, Wanted};

use crate::harness::TestSite;

fn document(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/documents")
        .join(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_documents_text_becomes_a_programme_that_is_well_formed() {
    let site = TestSite::new().await;
    for (name, items, first_leads) in [
        ("qianshui.txt", 27, false),
        ("hengli.txt", 36, false),
        ("zhanjiang.csv", 122, false),
        ("xinhui.csv", 51, true),
    ] {
        let wanted = Wanted {
            first_leads,
            id: name.split('.').next().unwrap().to_owned(),
            ..Wanted::default()
        };
        let imported = import::read(&site.site, &document(name), &wanted).unwrap();
        let folder = site.root().join("new").join(&wanted.id);
        import::write(&folder, &imported, &wanted).unwrap();
        let program = match site.site.read_program(&folder) {
            Ok(program) => program,
            Err(problems) => panic!("{name}: {}", problems[0]),
        };
        assert_eq!(program.material.items().unwrap().all.len(), items, "{name}");
        assert!(program.ladder.trial);
        // What a person may have changed meanwhile isn't written over.
        let error = import::write(&folder, &imported, &wanted).unwrap_err();
        assert!(error.to_string().contains("已经有了"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_read_says_what_to_do() {
    let site = TestSite::new().await;
    let refused = |name: &str, text: &str| {
        let file = site.root().join(name);
        std::fs::write(&file, text).unwrap();
        let error = import::read(&site.site, &file, &Wanted::default()).unwrap_err();
        format!("{error:#}")
    };
    assert!(refused("方案.docx", "PK").contains("另存为纯文本"));
    assert!(refused("方案.txt", "一、总体要求").contains("没有认出任务"));
    assert!(refused("表.csv", "甲,乙\n1,2\n").contains("--task"));
}
