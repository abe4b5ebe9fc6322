//! Where people come from, from the file that the operator names to what the API tells.

use serde_json::{Value, json};

use super::{Server, cairn, dir, init, stderr};

const PASSWORD: &str = "correct horse battery";

#[test]
fn a_database_of_addresses_tells_countries() {
    let dir = dir();
    std::fs::write(dir.path().join("addresses.mmdb"), cairn_testkit::mmdb::database("GB")).unwrap();
    let made = init(dir.path(), &["--project", "library"]);
    let mut command = cairn(dir.path());
    command.args(["--geoip-db", "addresses.mmdb"]).env("_APP_TRUSTED_HEADERS", "x-forwarded-for");
    let server = Server::start(&mut command);
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let post = |path: &str, from: &str, key: Option<&str>, body: &Value| -> Value {
        let request = agent.post(format!("http://{}{path}", server.address));
        let request = request.header("x-appwrite-project", "library").header("x-forwarded-for", from);
        let request = match key {
            Some(key) => request.header("x-appwrite-key", key),
            None => request,
        };
        let mut answer = request.send_json(body).unwrap();
        assert_eq!(answer.status(), 201, "{path}");
        answer.body_mut().read_json().unwrap()
    };
    let user = json!({ "userId": "emma", "email": "emma@example.com", "password": PASSWORD });
    post("/v1/users", "127.0.0.1", made["key"].as_str(), &user);
    let credentials = json!({ "email": "emma@example.com", "password": PASSWORD });
    for (from, code, name) in [("81.2.69.142", "gb", "GB"), ("81.3.0.1", "--", "Unknown")] {
        let session = post("/v1/account/sessions/email", from, None, &credentials);
        assert_eq!(
            (&session["ip"], &session["countryCode"], &session["countryName"]),
            (&json!(from), &json!(code), &json!(name))
        );
    }
}

#[test]
fn what_is_no_database_of_addresses_stops_the_start() {
    let dir = dir();
    std::fs::write(dir.path().join("nonsense.mmdb"), "nothing").unwrap();
    for name in ["nonsense.mmdb", "missing.mmdb"] {
        let output = cairn(dir.path()).args(["--geoip-db", name]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let told = stderr(&output);
        assert!(told.contains(&format!("The database of addresses {name} cannot be read")), "{told}");
    }
}
