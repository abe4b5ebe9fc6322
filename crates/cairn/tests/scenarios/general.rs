//! What every route shares: paths that do not exist, methods, bodies, projects, formats.

use serde_json::json;

use crate::scenarios;

scenarios! {
    /// Nothing is at this path.
    general_route_not_found proves [
        "appwrite-types.csv,general_route_not_found",
        "appwrite-types-1.9.csv,general_route_not_found",
        "appwrite-http.csv,404",
    ] (app) {
        let guest = app.guest("console");
        guest.get("/v1/nowhere").await.expect_fault(404, "general_route_not_found");
        guest.with("x-appwrite-response-format", "1.9.0").get("/v1/nowhere").await
            .expect_fault(404, "general_route_not_found");
    }
}

/// The path exists, but not with this method; the answer says which ones do.
#[test]
fn methods_that_a_path_lacks() {
    cairn_testkit::app::each_engine(async |app| {
        let answer = app.guest("console").post("/v1/health/version", json!({})).await;
        answer.expect_fault(405, "general_not_implemented");
        assert!(answer.header("allow").contains("GET, HEAD"), "{:?}", answer.headers);
    });
}

/// The oldest contract has no types.
#[test]
fn the_oldest_contract_has_no_types() {
    cairn_testkit::app::each_engine(async |app| {
        let answer =
            app.guest("console").with("x-appwrite-response-format", "0.11.0").get("/v1/nowhere").await;
        let answer = answer.expect(404);
        assert!(answer.json.get("type").is_none(), "{}", answer.text());
    });
}
