//! Who calls: a browser or an application. Some routes exist once for each, and differ in nothing but how a session is held.

use cairn_core::bearers::Channel;
use cairn_core::logins::How;
use cairn_http::Call;

/// Who calls.
pub(crate) trait Client {
    /// How a session is held.
    const CHANNEL: Channel;
    /// The name of the route that signs in.
    const LOGIN: &'static str;
}

/// A browser, with cookies.
pub(crate) struct Browser;

/// An application, with tokens.
pub(crate) struct App;

impl Client for Browser {
    const CHANNEL: Channel = Channel::Browser;
    const LOGIN: &'static str = "auth.login";
}

impl Client for App {
    const CHANNEL: Channel = Channel::App;
    const LOGIN: &'static str = "appAuth.login";
}

/// How the session of this call is held.
pub(crate) fn how<C: Client, P>(call: &Call<P>) -> How {
    How { channel: C::CHANNEL, device: call.exchange.held.device.clone() }
}
