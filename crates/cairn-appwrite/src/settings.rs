//! What a project's owners choose: services, protocols, sign-in ways, mail server, test phone numbers.

use cairn_core::projects;
use cairn_core::settings::{self, SmtpPatch};
use cairn_faults::Fault;
use cairn_http::rules::{
    Patch, Refusal, Rule, Shape, ShapeKind, array_of, boolean, choices, email, hostname, integer, one_of,
    phone, text, uid,
};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::projects::{AUTH_METHODS, MockPhone, PROTOCOLS, SERVICES};
use serde_json::{Map, Value, json};

use crate::models::{MOCK_NUMBER, PROJECT};
use crate::projects::shown;
use crate::wire::{OrEmpty, object, paged};

const WRITE: &[&str] = &["project.write"];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::patch("/v1/project/services/{serviceId}", "project.updateService", handler!(update_service))
        .ok(&PROJECT)
        .aliases(&["/v1/project/services/{serviceId}/status", "/v1/projects/{projectId}/service"])
        .also(&["projects.updateServiceStatus"])
        .scopes(WRITE),
    Route::patch("/v1/project/protocols/{protocolId}", "project.updateProtocol", handler!(update_protocol))
        .ok(&PROJECT)
        .aliases(&["/v1/project/protocols/{protocolId}/status", "/v1/projects/{projectId}/api"])
        .also(&["projects.updateApiStatus", "projects.updateAPIStatus"])
        .scopes(WRITE),
    Route::patch(
        "/v1/project/auth-methods/{methodId}",
        "project.updateAuthMethod",
        handler!(update_auth_method),
    )
    .ok(&PROJECT)
    .aliases(&["/v1/projects/{projectId}/auth/{methodId}"])
    .also(&["projects.updateAuthStatus"])
    .scopes(WRITE),
    Route::patch("/v1/project/smtp", "project.updateSMTP", handler!(update_smtp))
        .ok(&PROJECT)
        .aliases(&["/v1/projects/{projectId}/smtp"])
        .also(&["projects.updateSmtp", "projects.updateSMTP"])
        .scopes(WRITE)
        .faults(&[Fault::ProjectSmtpConfigInvalid]),
    Route::post("/v1/project/mock-phones", "project.createMockPhone", handler!(create_mock_phone))
        .created(&MOCK_NUMBER)
        .scopes(&["mocks.write"])
        .faults(&[Fault::MockNumberAlreadyExists, Fault::MockNumberLimitExceeded]),
    Route::get("/v1/project/mock-phones", "project.listMockPhones", handler!(list_mock_phones))
        .page("mockNumbers", &MOCK_NUMBER)
        .scopes(&["mocks.read"]),
    Route::get("/v1/project/mock-phones/{number}", "project.getMockPhone", handler!(get_mock_phone))
        .ok(&MOCK_NUMBER)
        .scopes(&["mocks.read"])
        .faults(&[Fault::MockNumberNotFound]),
    Route::put("/v1/project/mock-phones/{number}", "project.updateMockPhone", handler!(update_mock_phone))
        .ok(&MOCK_NUMBER)
        .scopes(&["mocks.write"])
        .faults(&[Fault::MockNumberNotFound]),
    Route::delete("/v1/project/mock-phones/{number}", "project.deleteMockPhone", handler!(delete_mock_phone))
        .nothing()
        .scopes(&["mocks.write"])
        .faults(&[Fault::MockNumberNotFound]),
    Route::patch(
        "/v1/projects/{projectId}/auth/mock-numbers",
        "projects.updateMockNumbers",
        handler!(update_mock_numbers),
    )
    .ok(&PROJECT)
    .scopes(&["projects.write"])
    .faults(&[Fault::ProjectNotFound]),
];

/// Sign-in ways by their name.
const METHODS: [(&str, &str); AUTH_METHODS.len()] = {
    let mut methods = AUTH_METHODS;
    let mut place = 0;
    while place < methods.len() {
        methods[place].1 = methods[place].0;
        place += 1;
    }
    methods
};

const DIGITS: &str = "0123456789";

params! {
    /// A service on or off.
    pub(crate) struct UpdateService {
        /// Service name.
        service_id: &'static str = "serviceId" => one_of(&SERVICES),
        /// Whether it is on.
        enabled: bool = "enabled" => boolean(),
    }
}

params! {
    /// A protocol on or off.
    pub(crate) struct UpdateProtocol {
        /// Protocol name.
        protocol_id: &'static str = "protocolId" => one_of(&PROTOCOLS),
        /// Whether it is on.
        enabled: bool = "enabled" => boolean(),
    }
}

params! {
    /// A sign-in way on or off.
    pub(crate) struct UpdateAuthMethod {
        /// Auth method ID.
        method_id: &'static str = "methodId" => choices(&METHODS),
        /// Whether it is on.
        enabled: bool = "enabled" => boolean(),
    }
}

params! {
    /// New values of the project's mail server; empty text clears one.
    pub(crate) struct UpdateSmtp {
        /// Host name of the server.
        host: Patch<String> = "host" => OrEmpty(hostname()).nullable().optional(),
        /// Port of the server.
        port: Patch<i64> = "port" => integer(0, 65_535).nullable().optional(),
        /// Name to sign in with.
        username: Patch<String> = "username" => text(0, 256).nullable().optional(),
        /// Password to sign in with; it is never shown again.
        password: Patch<String> = "password" => text(0, 256).nullable().optional(),
        /// The sender's address.
        sender_email: Patch<String> = "senderEmail" => OrEmpty(email()).nullable().optional(),
        /// The sender's name.
        sender_name: Patch<String> = "senderName" => text(0, 256).nullable().optional(),
        /// Where answers go.
        reply_to_email: Patch<String> = "replyToEmail" => OrEmpty(email()).nullable().optional(),
        /// Whose answers they are.
        reply_to_name: Patch<String> = "replyToName" => text(0, 256).nullable().optional(),
        /// How the connection is encrypted.
        secure: Patch<&'static str> = "secure" => one_of(&["tls", "ssl", ""]).nullable().optional(),
        /// Whether the server is used.
        enabled: Patch<bool> = "enabled" => boolean().nullable().optional(),
    }
}

params! {
    /// A test phone number with its code.
    pub(crate) struct MockPhoneFields {
        /// Phone number.
        number: String = "number" => phone(),
        /// The code.
        otp: String = "otp" => text(6, 6).only(DIGITS),
    }
}

params! {
    /// A test phone number.
    pub(crate) struct MockPhonePath {
        /// Phone number.
        number: String = "number" => phone(),
    }
}

params! {
    /// Pages of test phone numbers.
    pub(crate) struct ListMockPhones {
        /// Array of query strings.
        queries: Vec<String> = "queries" => cairn_http::rules::queries().or_empty(),
        /// When set to false, the total count returned will be 0.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

params! {
    /// All test phone numbers of a project at once.
    pub(crate) struct UpdateMockNumbers {
        /// Project ID.
        project_id: String = "projectId" => uid(),
        /// Numbers with their codes.
        numbers: Vec<(String, String)> = "numbers" => array_of(MockNumberRule, 10),
    }
}

/// `{phone, otp}`.
#[derive(Clone, Copy, Debug)]
struct MockNumberRule;

impl Rule for MockNumberRule {
    type Output = (String, String);

    fn shape(&self) -> Shape {
        Shape::of(ShapeKind::Object)
    }

    fn check(&self, value: &Value) -> Result<(String, String), Refusal> {
        let (Some(number), Some(otp)) = (value.get("phone"), value.get("otp")) else {
            return Err(Refusal::new("Value must have the members \"phone\" and \"otp\"."));
        };
        Ok((phone().check(number)?, text(6, 6).only(DIGITS).check(otp)?))
    }
}

async fn update_service(call: Call<UpdateService>) -> Reply {
    projects::registry(&call.cx)?;
    settings::set_service(&call.cx, call.params.service_id, call.params.enabled).await?;
    shown(&call.cx, &call.exchange).await
}

async fn update_protocol(call: Call<UpdateProtocol>) -> Reply {
    projects::registry(&call.cx)?;
    settings::set_protocol(&call.cx, call.params.protocol_id, call.params.enabled).await?;
    shown(&call.cx, &call.exchange).await
}

async fn update_auth_method(call: Call<UpdateAuthMethod>) -> Reply {
    projects::registry(&call.cx)?;
    settings::set_auth_method(&call.cx, call.params.method_id, call.params.enabled).await?;
    shown(&call.cx, &call.exchange).await
}

async fn update_smtp(call: Call<UpdateSmtp>) -> Reply {
    let sent = call.params;
    projects::registry(&call.cx)?;
    let patch = SmtpPatch {
        host: sent.host.value(),
        port: sent.port.value(),
        username: sent.username.value(),
        password: sent.password.value(),
        sender_email: sent.sender_email.value(),
        sender_name: sent.sender_name.value(),
        reply_to_email: sent.reply_to_email.value(),
        reply_to_name: sent.reply_to_name.value(),
        secure: sent.secure.value().map(str::to_owned),
        is_enabled: sent.enabled.value(),
    };
    settings::set_smtp(&call.cx, patch).await?;
    shown(&call.cx, &call.exchange).await
}

async fn create_mock_phone(call: Call<MockPhoneFields>) -> Reply {
    projects::registry(&call.cx)?;
    let made = settings::create_mock_phone(&call.cx, call.params.number, call.params.otp).await?;
    Ok(Answer::created("mockNumber", mock_phone_wire(&made)))
}

async fn list_mock_phones(call: Call<ListMockPhones>) -> Reply {
    projects::registry(&call.cx)?;
    let request =
        crate::wire::list_request(&call.exchange, call.params.queries, String::new(), call.params.total);
    let page = settings::mock_phones(&call.cx, &request).await?;
    Ok(paged("mockNumber", "mockNumbers", &page, mock_phone_wire))
}

async fn get_mock_phone(call: Call<MockPhonePath>) -> Reply {
    projects::registry(&call.cx)?;
    let phone = settings::mock_phone(&call.cx, &call.params.number).await?;
    Ok(Answer::ok("mockNumber", mock_phone_wire(&phone)))
}

async fn update_mock_phone(call: Call<MockPhoneFields>) -> Reply {
    projects::registry(&call.cx)?;
    let phone = settings::update_mock_phone(&call.cx, &call.params.number, call.params.otp).await?;
    Ok(Answer::ok("mockNumber", mock_phone_wire(&phone)))
}

async fn delete_mock_phone(call: Call<MockPhonePath>) -> Reply {
    projects::registry(&call.cx)?;
    settings::delete_mock_phone(&call.cx, &call.params.number).await?;
    Ok(Answer::no_content())
}

async fn update_mock_numbers(call: Call<UpdateMockNumbers>) -> Reply {
    let cx = projects::managed(&call.cx, &call.params.project_id).await?;
    settings::replace_mock_phones(&cx, call.params.numbers).await?;
    shown(&cx, &call.exchange).await
}

fn mock_phone_wire(phone: &MockPhone) -> Map<String, Value> {
    object(json!({
        "number": phone.number,
        "otp": phone.otp,
        "$createdAt": phone.created.to_wire(),
        "$updatedAt": phone.updated.to_wire(),
    }))
}
