//! The configuration: what is wrong with it is said so that it can be mended.

use super::home::Home;

fn refused(home: &Home, file: &str) -> String {
    home.file("najimi.toml", file);
    let told = home.najimi(&["config", "check"]);
    assert_eq!(told.code, 1, "{told:?}");
    told.err
}

#[test]
fn what_is_wrong_names_the_key_the_file_and_what_was_meant() {
    let home = Home::new(String::new());
    for (file, sentence) in [
        ("lisen = \"127.0.0.1:1\"", "najimi.toml: there is no setting `lisen`; did you mean `listen`?"),
        ("[records]\nuri = \"\"", "najimi.toml: there is no setting `records.uri`; did you mean `records.url`?"),
        ("colour = 1", "there is no setting `colour`; `najimi config reference` lists all settings"),
        ("log = \"xml\"", "`log` cannot be used: unknown variant: found `xml`"),
        ("listen = \"here\"", "`listen` cannot be used"),
        ("[http]\nconnections_max = 0", "`http.connections_max` is 1 to 1000000"),
        ("[http]\nhead_seconds_max = 18446744073709551615", "head_seconds_max"),
        ("listen = ", "is not readable as TOML"),
        ("listen = \"0.0.0.0:8420\"", "would speak plain HTTP to the network"),
    ] {
        let told = refused(&home, file);
        assert!(told.contains(sentence), "{file}: {told}");
    }
    home.file("najimi.toml", "listen = \"0.0.0.0:8420\"\nbehind_tls_proxy = true");
    assert!(home.done(&["config", "check"]).contains("can be used (najimi.toml)"));
}

#[test]
fn the_environment_is_checked_as_well() {
    let home = Home::new(String::new());
    let output = home.command(&["config", "check"]).env("NAJIMI_RECORD__URL", "x").output().unwrap();
    let sentence = String::from_utf8(output.stderr).unwrap();
    assert!(
        sentence.contains("there is no setting `NAJIMI_RECORD__URL`; did you mean `NAJIMI_RECORDS__URL`?"),
        "{sentence}"
    );
    let output = home.command(&["config", "check"]).env("NAJIMI_LOG", "loud").output().unwrap();
    let sentence = String::from_utf8(output.stderr).unwrap();
    assert!(sentence.contains("in the environment variable NAJIMI_LOG"), "{sentence}");
    assert!(home.najimi(&["--config", "none.toml", "config", "check"]).err.contains("`none.toml` cannot be read"));
}

#[test]
fn what_it_comes_to_is_shown_without_the_password() {
    let home = Home::new("postgres://najimi:secret@db/najimi".to_owned());
    let shown = home.done(&["config", "show", "--data", "elsewhere"]);
    assert!(shown.contains("postgres://najimi:***@db/najimi") && !shown.contains("secret"), "{shown}");
    assert!(shown.contains("data = \"elsewhere\""), "{shown}");
}

#[test]
fn the_reference_is_up_to_date() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/configuration.md");
    let kept = std::fs::read_to_string(page).unwrap_or_default();
    let made = Home::new(String::new()).done(&["config", "reference"]);
    assert!(kept == made, "stale: cargo run -p najimi -- config reference > docs/reference/configuration.md");
    for part in ["`records.url`", "NAJIMI_RECORDS__URL", "Default: `\"127.0.0.1:8420\"`"] {
        assert!(made.contains(part), "{part}");
    }
}
