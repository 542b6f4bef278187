//! Versions of masters, their files, and what the office wrote into them.

use taizhang::domain::ids::{ProgramId, SubmissionId};
use taizhang::store::{MasterFile, MasterVersion, StoredRemark};

use crate::{ONE, OTHER, at, bytes, opened, period};

fn version(version: u32, members: &[i64]) -> MasterVersion {
    MasterVersion {
        version,
        members: members.iter().copied().map(SubmissionId::new).collect(),
    }
}

#[tokio::test]
async fn the_latest_versions_come_first_and_keep_their_members() {
    let own = opened().await;
    let month = period("2024-11");
    let mut change = own.change().await;
    for (number, members) in [(1, &[1, 2][..]), (2, &[1, 3])] {
        own.store
            .add_master_version(
                &mut change,
                &ONE,
                &month,
                &version(number, members),
                at(2, number),
            )
            .await
            .unwrap();
    }
    change.commit().await.unwrap();
    let of = async |program: &ProgramId, most: u32| {
        own.store.master_versions(program, &month, most).await.unwrap()
    };
    assert_eq!(of(&ONE, 2).await, [version(2, &[1, 3]), version(1, &[1, 2])]);
    assert_eq!(of(&ONE, 1).await, [version(2, &[1, 3])]);
    assert_eq!(of(&OTHER, 2).await, []);
}

#[tokio::test]
async fn a_master_s_file_is_known_by_its_name_and_replaced() {
    let own = opened().await;
    let month = period("2024-11");
    let file = |digest: &str| MasterFile {
        digest: digest.into(),
        sha256: bytes("00"),
        fingerprint: "f".into(),
        next: None,
    };
    for digest in ["a", "b"] {
        let mut change = own.change().await;
        own.store
            .set_master_file(&mut change, &ONE, &month, "汇总台账.xlsx", &file(digest))
            .await
            .unwrap();
        change.commit().await.unwrap();
    }
    let of =
        async |program: &ProgramId, name: &str| own.store.master_file(program, &month, name).await.unwrap();
    assert_eq!(of(&ONE, "汇总台账.xlsx").await, Some(file("b")));
    assert_eq!(of(&ONE, "汇总台账（定稿）.xlsx").await, None);
    assert_eq!(of(&OTHER, "汇总台账.xlsx").await, None);
}

#[tokio::test]
async fn a_remark_is_the_last_that_was_written() {
    let own = opened().await;
    let month = period("2024-11");
    let remark = |text: &str| StoredRemark {
        row_key: "U01/2024-11-05/乌塘圩村".into(),
        field: "instruction".into(),
        text: text.into(),
    };
    for (hour, text) in [(1, "请核实"), (2, "已核实")] {
        let mut change = own.change().await;
        own.store
            .set_remark(&mut change, &ONE, &month, &remark(text), at(5, hour))
            .await
            .unwrap();
        change.commit().await.unwrap();
    }
    assert_eq!(own.store.remarks(&ONE, &month).await.unwrap(), [remark("已核实")]);
    assert_eq!(own.store.remarks(&OTHER, &month).await.unwrap(), []);
    assert_eq!(own.store.remarks(&ONE, &period("2024-12")).await.unwrap(), []);
}
