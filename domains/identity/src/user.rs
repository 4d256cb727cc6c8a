//! People and services with an account. Validation here is pure; rows are in `store`, lists in `list`.

pub(crate) mod list;
mod lockout;
pub(crate) mod store;

pub use list::{UserFilter, UserView};
pub(crate) use lockout::Lockout;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use yiwang_contracts::{OrgId, UserId};
use yiwang_kernel::{FieldFault, Masked, Timestamp};

use crate::org::OrgTree;
use crate::password::PasswordHashed;

/// Posts that one person may hold.
pub(crate) const POSTS_MAX: usize = 20;

/// Who is behind the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserKind {
    Person,
    /// An integrator's system; only services have bearer tokens.
    Service,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    Active,
    /// Cannot sign in; kept for history.
    Disabled,
}

/// One post: a unit and what the person is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Post {
    pub org_id: OrgId,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub primary: bool,
}

/// An account with its posts.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub phone: Option<Masked>,
    pub kind: UserKind,
    pub status: UserStatus,
    /// `None`: nobody can sign in with a password.
    pub password: Option<PasswordHashed>,
    pub password_changed_at: Timestamp,
    pub must_change_password: bool,
    pub lockout: Lockout,
    pub is_demo: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Name of who changed it last.
    pub updated_by: String,
    pub version: i64,
    pub posts: Vec<Post>,
}

impl User {
    /// The unit of the primary post.
    pub(crate) fn org_id(&self) -> Option<OrgId> {
        let primary = self.posts.iter().find(|post| post.primary);
        primary.or(self.posts.first()).map(|post| post.org_id)
    }

    /// The units that decide who may see and edit this account.
    pub(crate) fn org_ids(&self) -> Vec<OrgId> {
        self.posts.iter().map(|post| post.org_id).collect()
    }
}

/// A new account.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// Small letters, digits, dot, hyphen, underscore; what is signed in with.
    pub username: String,
    pub name: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Masked>,
    #[serde(default = "person")]
    pub kind: UserKind,
    /// Absent: nobody can sign in with a password.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub password: Option<Masked>,
    /// Must it be changed at the first sign-in, before anything else?
    #[serde(default = "yes")]
    pub must_change_password: bool,
    pub posts: Vec<Post>,
}

fn person() -> UserKind {
    UserKind::Person
}

fn yes() -> bool {
    true
}

/// Changes to an account; what is absent stays.
#[derive(Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateUser {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Masked>,
    #[serde(default)]
    pub status: Option<UserStatus>,
    #[serde(default)]
    pub posts: Option<Vec<Post>>,
}

/// The form in which names are compared.
pub(crate) fn normal_username(username: &str) -> String {
    username.trim().to_lowercase()
}

pub(crate) fn username_faults(username: &str) -> Vec<FieldFault> {
    let fits = (2..=64).contains(&username.len())
        && username.bytes().all(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_')
        });
    if fits {
        return Vec::new();
    }
    let message = "must be 2 to 64 small letters, digits, dots, hyphens or underscores";
    vec![FieldFault::new("/username", "malformed", message)]
}

pub(crate) fn name_faults(name: &str) -> Vec<FieldFault> {
    let length = name.trim().chars().count();
    if (1..=64).contains(&length) && !name.chars().any(char::is_control) {
        return Vec::new();
    }
    vec![FieldFault::new(
        "/name",
        "malformed",
        "must have 1 to 64 characters",
    )]
}

pub(crate) fn phone_faults(phone: Option<&Masked>) -> Vec<FieldFault> {
    let fits = phone.is_none_or(|phone| {
        phone.reveal().len() <= 32
            && phone
                .reveal()
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b' '))
    });
    if fits {
        return Vec::new();
    }
    vec![FieldFault::new(
        "/phone",
        "malformed",
        "must be at most 32 digits, spaces, + or -",
    )]
}

/// What is wrong with a list of posts: at least one, known units, none twice, at most one primary.
pub(crate) fn post_faults(posts: &[Post], tree: &OrgTree) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if posts.is_empty() || posts.len() > POSTS_MAX {
        faults.push(FieldFault::new(
            "/posts",
            "out_of_range",
            format!("must be 1 to {POSTS_MAX} posts"),
        ));
    }
    let mut seen = HashSet::new();
    for (at, post) in posts.iter().enumerate() {
        if !tree.unit(post.org_id).is_some_and(|unit| unit.is_active) {
            faults.push(FieldFault::new(
                format!("/posts/{at}/org_id"),
                "unknown",
                "there is no such unit",
            ));
        }
        if post.title.chars().count() > 64 {
            faults.push(FieldFault::new(
                format!("/posts/{at}/title"),
                "too_long",
                "must have at most 64 characters",
            ));
        }
        if !seen.insert((post.org_id, post.title.as_str())) {
            faults.push(FieldFault::new(
                format!("/posts/{at}"),
                "twice",
                "the post is named twice",
            ));
        }
    }
    if posts.iter().filter(|post| post.primary).count() > 1 {
        faults.push(FieldFault::new(
            "/posts",
            "two_primary",
            "only one post is the primary one",
        ));
    }
    faults
}

/// Exactly one post is primary: the first, if none says so.
pub(crate) fn with_primary(mut posts: Vec<Post>) -> Vec<Post> {
    if !posts.iter().any(|post| post.primary)
        && let Some(first) = posts.first_mut()
    {
        first.primary = true;
    }
    posts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_phones() {
        let table = [
            ("zhang.san", true),
            ("a1", true),
            ("a", false),
            ("Zhang", false),
            ("张三", false),
            ("a b", false),
        ];
        for (username, good) in table {
            assert_eq!(username_faults(username).is_empty(), good, "{username}");
        }
        assert_eq!(normal_username("  Zhang.San "), "zhang.san");
        assert!(name_faults("张三").is_empty());
        assert_eq!(name_faults("  ").len(), 1);
        assert_eq!(name_faults("a\nb").len(), 1);
        assert!(phone_faults(Some(&Masked::new("0510-1234 5678"))).is_empty());
        assert_eq!(phone_faults(Some(&Masked::new("call me"))).len(), 1);
    }

    #[test]
    fn posts() {
        let tree = OrgTree::default();
        let post = Post {
            org_id: OrgId(yiwang_kernel::Uuid::nil()),
            title: "科员".into(),
            primary: true,
        };
        let codes = |posts: &[Post]| {
            post_faults(posts, &tree)
                .into_iter()
                .map(|f| f.code)
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(&[]), ["out_of_range"]);
        assert_eq!(
            codes(&[post.clone(), post.clone()]),
            ["unknown", "unknown", "twice", "two_primary"]
        );
        let plain = Post {
            primary: false,
            ..post
        };
        assert!(with_primary(vec![plain])[0].primary);
    }
}
