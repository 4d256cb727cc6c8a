use super::*;

fn load(env: &[(&str, &str)], file: Option<&str>) -> Result<Config, ConfigFaults> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("yiwang.toml");
    let file = file.map(|text| {
        std::fs::write(&path, text).unwrap();
        path.clone()
    });
    let environment = env
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    Config::load(&ConfigSources {
        file,
        environment,
        flags: Vec::new(),
    })
}

fn faults(env: &[(&str, &str)], file: Option<&str>) -> Vec<(String, String)> {
    let faults = load(env, file).unwrap_err().0;
    faults
        .into_iter()
        .map(|fault| (fault.name, fault.message))
        .collect()
}

#[test]
fn the_defaults_are_good() {
    let config = Config::defaults();
    assert_eq!(config.server.listen, "127.0.0.1:8080");
    assert_eq!(config.password.lockout_failures, 5);
    assert_eq!(config.session.idle_minutes, 30);
    assert_eq!(config.log.format, LogFormat::Text);
}

#[test]
fn later_layers_win() {
    let file =
        "[server]\nlisten = '0.0.0.0:1'\npublic_url = 'https://a.example'\n[log]\nformat = 'json'";
    let config = load(
        &[("YIWANG__SERVER__LISTEN", "0.0.0.0:2"), ("PATH", "/bin")],
        Some(file),
    )
    .unwrap();
    assert_eq!(config.server.listen, "0.0.0.0:2");
    assert_eq!(config.server.public_url, "https://a.example");
    assert_eq!(config.log.format, LogFormat::Json);
    let flags = ConfigSources::default().with_flag("server.listen", "0.0.0.0:3");
    assert_eq!(Config::load(&flags).unwrap().server.listen, "0.0.0.0:3");
}

#[test]
fn the_environment_takes_every_kind_of_value() {
    let config = load(
        &[
            ("YIWANG__SERVER__RATE_LIMITS__TOKEN__PER_SECOND", "0"),
            ("YIWANG__SERVER__TRUSTED_PROXIES", "[\"10.0.0.0/8\"]"),
            ("YIWANG__DEMO__ENABLED", "true"),
            ("YIWANG__OPEN311__KEYS", "[{key=\"one-key\", name=\"One\"}]"),
            ("YIWANG__SERVER__PUBLIC_URL", ""),
            ("YIWANG__BASEMAP__KEYS__TIANDITU", "12e45"),
        ],
        None,
    )
    .unwrap();
    assert!(config.server.rate_limits.token.per_second.abs() < f64::EPSILON);
    assert_eq!(config.server.trusted_proxies, ["10.0.0.0/8"]);
    assert!(config.demo.enabled);
    assert_eq!(config.open311.keys[0].name, "One");
    assert_eq!(config.basemap.keys["tianditu"].reveal(), "12e45");
}

#[test]
fn every_unknown_name_and_wrong_type_is_said_at_once_with_hints() {
    let file = "[server]\nlisen = 'x'\nbody_bytes_max = 'big'\n[passwords]\nlength_min = 1\n[log]\nformat = 'xml'\n\
                [session]\nidle_minutes = -5";
    let all = load(&[("YIWANG__LIVE__RING_EVENTS", "many")], Some(file)).unwrap_err();
    let text = all.to_string();
    for (name, message) in [
        ("server.lisen", "there is no such setting"),
        ("server.body_bytes_max", "this must be a whole number"),
        ("passwords", "there is no such setting"),
        ("log.format", "this must be one of: text, json"),
        ("session.idle_minutes", "this must not be negative"),
        ("live.ring_events", "this must be a whole number"),
    ] {
        assert!(
            all.0
                .iter()
                .any(|fault| fault.name == name && fault.message == message),
            "{name} in\n{text}"
        );
    }
    assert_eq!(all.0.len(), 6, "{text}");
    assert!(
        text.contains("did you mean `listen`?") && text.contains("did you mean `password`?"),
        "{text}"
    );
    assert!(
        text.contains("yiwang.toml)") && text.contains("(set in the environment)"),
        "{text}"
    );
}

#[test]
fn values_are_checked_beyond_their_types() {
    let file = "[server]\nlisten = 'here'\npublic_url = 'city.example'\ntrusted_proxies = ['10.0.0.0/99']\n\
                [store]\nurl = 'mysql://x'\n[password]\nlength_min = 3\n\
                [intake]\nwebhooks = [{channel='a', secret='short', source='hotline'}]\n\
                [log]\nlevel = 'a=b=c'";
    let names: Vec<String> = faults(&[], Some(file))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        names,
        [
            "server.listen",
            "server.public_url",
            "server.trusted_proxies[0]",
            "store.url",
            "password.length_min",
            "intake.webhooks[0].secret",
            "log.level"
        ]
    );
}

#[test]
fn a_file_that_is_no_toml_is_said_with_its_name() {
    let text = load(&[], Some("[server")).unwrap_err().to_string();
    assert!(text.contains("yiwang.toml"), "{text}");
    let missing = ConfigSources {
        file: Some("/nowhere/yiwang.toml".into()),
        ..ConfigSources::default()
    };
    assert!(
        Config::load(&missing)
            .unwrap_err()
            .to_string()
            .contains("/nowhere/yiwang.toml cannot be read")
    );
}

#[test]
fn secrets_do_not_show() {
    let env = [
        ("YIWANG__STORE__URL", "postgres://u:hunter22@db/x"),
        (
            "YIWANG__OPEN311__KEYS",
            "[{key=\"k-secret\", name=\"One\"}]",
        ),
    ];
    let config = load(&env, None).unwrap();
    let text = format!("{config:?}");
    assert!(
        !text.contains("hunter22") && !text.contains("k-secret") && text.contains("***"),
        "{text}"
    );
    assert_eq!(config.store.url.reveal(), "postgres://u:hunter22@db/x");
}

#[test]
fn a_text_that_looks_like_a_number_stays_a_text() {
    let config = load(
        &[
            ("YIWANG__LOG__LEVEL", "info"),
            ("YIWANG__SERVER__LISTEN", "127.0.0.1:0"),
        ],
        None,
    )
    .unwrap();
    assert_eq!(config.server.listen, "127.0.0.1:0");
    assert!(
        faults(&[("YIWANG__STORE__URL", "12345")], None)[0]
            .1
            .contains("sqlite:")
    );
}

#[test]
fn tls_needs_a_certificate_and_its_key() {
    let file =
        "[sensing]\nmqtts = '0.0.0.0:8883'\nhj212s = 'here'\n[sensing.tls]\nkey = 'city.key'";
    let all = load(&[], Some(file)).unwrap_err().0;
    let names: Vec<&str> = all.iter().map(|fault| fault.name.as_str()).collect();
    assert_eq!(names, ["sensing.tls.certificate", "sensing.hj212s"]);
    assert!(all.iter().all(|fault| fault.hint.is_some()), "{all:?}");
    let file = "[sensing.tls]\ncertificate = 'city.pem'\nkey = '/etc/city.key'";
    let config = load(&[], Some(file)).unwrap();
    let tls = config.with_files_in("/data".as_ref()).sensing.tls;
    assert_eq!(tls.certificate.to_str(), Some("/data/city.pem"));
    assert_eq!(tls.key.to_str(), Some("/etc/city.key"));
    assert_eq!(tls.client_ca.to_str(), Some(""));
}

#[test]
fn the_schema_is_known() {
    insta::assert_json_snapshot!("config_schema", Config::schema());
}
