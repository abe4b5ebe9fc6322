//! A secret variable shows its value to nobody and stays secret.

use cairn_faults::Fault;

use super::{NewVariable, VariablePatch, create, delete, get, update};
use crate::fixture::{Fixture, fault};

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_stays_secret() {
    let fixture = Fixture::new();
    let cx = fixture.in_project().await;
    let new = NewVariable {
        id: "one".to_owned(),
        key: "API_KEY".to_owned(),
        value: "hidden".to_owned(),
        is_secret: false,
    };
    let made = create(&cx, new.clone()).await.expect("a variable");
    assert_eq!(made.value, "hidden");
    let id = made.variable.id.clone();
    let same_key = NewVariable { id: "two".to_owned(), ..new.clone() };
    assert_eq!(fault(create(&cx, same_key).await), Fault::VariableAlreadyExists);
    let same_id = NewVariable { key: "OTHER".to_owned(), ..new };
    assert_eq!(fault(create(&cx, same_id).await), Fault::VariableAlreadyExists);
    assert_eq!(fault(update(&cx, &id, VariablePatch::default()).await), Fault::GeneralArgumentInvalid);
    let secret = |is_secret| VariablePatch { is_secret: Some(is_secret), ..VariablePatch::default() };
    assert_eq!(update(&cx, &id, secret(true)).await.expect("changed").value, "");
    assert_eq!(fault(update(&cx, &id, secret(false)).await), Fault::VariableCannotUnsetSecret);
    assert_eq!(get(&cx, &id).await.expect("found").value, "");
    delete(&cx, &id).await.expect("removed");
    assert_eq!(fault(get(&cx, &id).await), Fault::VariableNotFound);
}
