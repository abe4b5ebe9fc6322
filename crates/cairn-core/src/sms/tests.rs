//! Messages need a provider, and test numbers have their own code.

use cairn_faults::Fault;
use cairn_model::projects::MockPhone;
use cairn_std::Timestamp;

use super::{SmsOptions, SmsProvider, draw_code, fixed_code, prepare};
use crate::Options;
use crate::fixture::{on_both, on_both_with};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_provider_nothing_is_sent() {
    on_both("sms_none", |fixture| async move {
        let guest = fixture.guest().await;
        assert_eq!(prepare(&guest).err().map(|error| error.fault()), Some(Fault::GeneralPhoneDisabled));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mock_provider_keeps_what_was_sent() {
    let sms = SmsOptions { provider: SmsProvider::by_name("mock") };
    on_both_with("sms_mock", Options { sms, ..Options::default() }, |fixture| async move {
        let phone = MockPhone {
            number: "+15551234567".to_owned(),
            otp: "424242".to_owned(),
            created: Timestamp(0),
            updated: Timestamp(0),
        };
        fixture.configure(|settings| settings.mock_phones.push(phone)).await;
        let guest = fixture.guest().await;
        assert_eq!(fixed_code(&guest, "+15551234567").as_deref(), Some("424242"));
        assert_eq!(fixed_code(&guest, "+15550000000"), None);
        for _ in 0..150 {
            let code = draw_code(&guest);
            assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
            prepare(&guest).expect("a provider").send(&guest, "+15550000000", &code);
        }
        assert_eq!(fixture.app.phones.sent().len(), 100, "only the newest are kept");
    })
    .await;
}
