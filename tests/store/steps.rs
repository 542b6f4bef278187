//! Steps on the share that wait.

use taizhang::store::NewDelivery;

use crate::{at, opened};

fn step(action: &str) -> NewDelivery {
    NewDelivery {
        submission: None,
        action: action.into(),
        source: None,
    }
}

#[tokio::test]
async fn steps_wait_in_their_order_until_they_are_finished() {
    let own = opened().await;
    let mut change = own.change().await;
    own.store
        .add_deliveries(&mut change, &[step("a"), step("b"), step("c")])
        .await
        .unwrap();
    change.commit().await.unwrap();
    let waiting = own.store.pending_deliveries(at(2, 1), 10).await.unwrap();
    assert_eq!(
        waiting.iter().map(|own| own.action.as_str()).collect::<Vec<_>>(),
        ["a", "b", "c"]
    );
    assert_eq!(own.store.pending_deliveries(at(2, 1), 2).await.unwrap().len(), 2);
    let mut change = own.change().await;
    own.store
        .finish_deliveries(&mut change, &[waiting[1].id], &[])
        .await
        .unwrap();
    change.commit().await.unwrap();
    let left = own.store.pending_deliveries(at(2, 1), 10).await.unwrap();
    assert_eq!(
        left.iter().map(|own| own.action.as_str()).collect::<Vec<_>>(),
        ["a", "c"]
    );
}

#[tokio::test]
async fn a_step_that_failed_waits_for_its_time_and_says_why() {
    let own = opened().await;
    let mut change = own.change().await;
    own.store.add_deliveries(&mut change, &[step("a")]).await.unwrap();
    change.commit().await.unwrap();
    assert_eq!(
        own.store.delivery_backlog().await.unwrap(),
        (1, None),
        "it waits, and never failed"
    );
    let id = own.store.pending_deliveries(at(2, 1), 10).await.unwrap()[0].id;
    own.store
        .postpone_delivery(id, at(2, 5), "磁盘已满")
        .await
        .unwrap();
    assert_eq!(own.store.pending_deliveries(at(2, 4), 10).await.unwrap(), []);
    assert_eq!(own.store.next_delivery().await.unwrap(), Some(at(2, 5)));
    assert_eq!(
        own.store.delivery_backlog().await.unwrap(),
        (1, Some("磁盘已满".into()))
    );
    let again = own.store.pending_deliveries(at(2, 5), 10).await.unwrap();
    assert_eq!((again.len(), again[0].tries), (1, 1));
    own.store
        .postpone_delivery(id, at(9, 1), "磁盘已满")
        .await
        .unwrap();
    own.store.hasten_deliveries(at(3, 1)).await.unwrap();
    assert_eq!(own.store.pending_deliveries(at(3, 1), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn only_what_failed_is_named_as_failed() {
    let own = opened().await;
    let mut change = own.change().await;
    own.store
        .add_deliveries(&mut change, &[step("a"), step("b")])
        .await
        .unwrap();
    change.commit().await.unwrap();
    assert_eq!(own.store.failed_deliveries().await.unwrap(), Vec::<String>::new());
    let waiting = own.store.pending_deliveries(at(2, 1), 10).await.unwrap();
    own.store
        .postpone_delivery(waiting[1].id, at(2, 5), "没有权限")
        .await
        .unwrap();
    assert_eq!(own.store.failed_deliveries().await.unwrap(), ["b"]);
    let mut change = own.change().await;
    own.store
        .finish_deliveries(&mut change, &[waiting[1].id], &[])
        .await
        .unwrap();
    change.commit().await.unwrap();
    assert_eq!(own.store.failed_deliveries().await.unwrap(), Vec::<String>::new());
}
