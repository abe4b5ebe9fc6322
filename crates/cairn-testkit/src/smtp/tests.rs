//! The sink reads what mail programs write.

use super::Mail;

fn mail(source: &str) -> Mail {
    Mail {
        sender: String::new(),
        receivers: Vec::new(),
        login: None,
        is_encrypted: false,
        source: source.replace('\n', "\r\n"),
    }
}

#[test]
fn headers_are_unfolded_and_decoded() {
    let mail = mail("Subject: =?utf-8?b?R3LDvMOfZQ==?= to\n you\nTo: \"Ada\" <ada@example.com>\n\nbody\n");
    assert_eq!(mail.header("subject"), "Grüße to you");
    assert_eq!(mail.header("to"), "\"Ada\" <ada@example.com>");
    assert_eq!((mail.header("cc").as_str(), mail.header_names().len()), ("", 2));
}

#[test]
fn parts_are_found_and_decoded() {
    let mail = mail(
        "Content-Type: multipart/alternative; boundary=\"b1\"\n\n--b1\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=\n=C3=9Fe\nhttps://a.example/x?userId=3Du&secret=3Ds\n123456\n\
         --b1\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPHA+SGk8L3A+\n--b1--\n",
    );
    assert!(mail.text().starts_with("Grüße\n"), "{}", mail.text());
    assert_eq!(mail.html(), "<p>Hi</p>");
    assert_eq!((mail.link_param("secret").as_str(), mail.code(6).as_str()), ("s", "123456"));
}
