//! Passwords: what makes one good enough (pure), and the bounded place where they are hashed.

mod hasher;

pub use hasher::HasherStats;
pub(crate) use hasher::{Hasher, PasswordHashed};

use yiwang_kernel::{FieldFault, Timestamp};

use crate::settings::PasswordPolicy;

/// A user name shorter than this may appear in a password by chance.
const USERNAME_MATTERS: usize = 4;

/// Every rule that `password` breaks; `path` names the field of the request.
pub(crate) fn faults(
    policy: &PasswordPolicy,
    username: &str,
    password: &str,
    path: &str,
) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let mut fault = |code: &str, message: String| faults.push(FieldFault::new(path, code, message));
    let length = password.chars().count();
    if length < policy.length_min {
        fault(
            "too_short",
            format!("must have at least {} characters", policy.length_min),
        );
    }
    if length > policy.length_max {
        fault(
            "too_long",
            format!("must have at most {} characters", policy.length_max),
        );
    }
    if kinds(password) < policy.kinds_min {
        fault(
            "too_plain",
            format!(
                "must mix at least {} of lower case, upper case, digits and other characters",
                policy.kinds_min
            ),
        );
    }
    if username.len() >= USERNAME_MATTERS
        && password.to_lowercase().contains(&username.to_lowercase())
    {
        fault(
            "holds_username",
            "must not contain the user name".to_owned(),
        );
    }
    faults
}

/// How many of the four kinds of characters appear; letters without case (汉字) count as others.
fn kinds(password: &str) -> usize {
    let any = |test: fn(char) -> bool| usize::from(password.chars().any(test));
    any(|c| c.is_ascii_lowercase())
        + any(|c| c.is_ascii_uppercase())
        + any(|c| c.is_ascii_digit())
        + any(|c| !c.is_ascii_alphanumeric())
}

/// Has the password been in use for so long that it must be changed?
pub(crate) fn is_too_old(policy: &PasswordPolicy, changed_at: Timestamp, now: Timestamp) -> bool {
    policy
        .age_max
        .is_some_and(|age_max| now.duration_since(changed_at) > age_max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::IdentitySettings;

    #[test]
    fn rules() {
        let policy = IdentitySettings::default().password;
        let table: &[(&str, &[&str])] = &[
            ("Abcdef12", &[]),
            ("abcd-123", &[]),
            ("yiwang-demo1", &[]),
            ("Abc12-", &["too_short"]),
            ("abcdefgh", &["too_plain"]),
            ("abcdefg1", &["too_plain"]),
            ("ABCDEFG1", &["too_plain"]),
            ("abc", &["too_short", "too_plain"]),
            ("", &["too_short", "too_plain"]),
            ("密码很长很长吧a1", &[]),
            ("ZhangSan-1", &["holds_username"]),
        ];
        for (password, expected) in table {
            let codes: Vec<String> = faults(&policy, "zhangsan", password, "/password")
                .into_iter()
                .map(|f| f.code)
                .collect();
            assert_eq!(&codes, expected, "{password}");
        }
        let long = "aB1".repeat(50);
        assert_eq!(faults(&policy, "x", &long, "/password")[0].code, "too_long");
    }

    #[test]
    fn ageing() {
        let policy = IdentitySettings::default().password;
        let changed: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        assert!(!is_too_old(
            &policy,
            changed,
            "2026-04-01T00:00:00Z".parse().unwrap()
        ));
        assert!(is_too_old(
            &policy,
            changed,
            "2026-04-01T00:00:01Z".parse().unwrap()
        ));
    }
}
