//! Which topics a device may publish to and subscribe to: patterns with `{product}` and
//! `{device}` in them, compiled once and asked for every packet.

use std::fmt;

/// A device, as its credentials name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity<'a> {
    product: &'a str,
    device: &'a str,
}

impl<'a> Identity<'a> {
    /// Refuses names that would mean something in a topic: a device called `+` would be all.
    pub fn new(product: &'a str, device: &'a str) -> Result<Self, IdentityFault> {
        for name in [product, device] {
            if name.is_empty() || name.contains(['/', '+', '#', '\0']) || name.starts_with('$') {
                return Err(IdentityFault);
            }
        }
        Ok(Self { product, device })
    }
}

/// A product or device whose name cannot stand in a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name in topics is not empty, has no / + # or U+0000 and does not begin with $")]
pub struct IdentityFault;

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pattern:?}: {fault}")]
pub struct AclFault {
    /// The pattern as it was written.
    pub pattern: String,
    /// Why it is none.
    pub fault: AclFaultKind,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AclFaultKind {
    /// It would allow nothing.
    #[error("it is empty")]
    Empty,
    /// As in filters.
    #[error("# stands alone and last")]
    Hash,
    /// As in filters.
    #[error("+ stands alone in its level")]
    Plus,
    /// Only `{product}` and `{device}` are known.
    #[error("{{ }} hold neither product nor device")]
    Placeholder,
}

/// What the lists allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acl {
    publish: Vec<Pattern>,
    subscribe: Vec<Pattern>,
}

/// What a device publishes to, unless configured otherwise.
pub const PUBLISH_DEFAULT: &str = "yw/v1/{product}/{device}/up/#";
/// What a device subscribes to, unless configured otherwise.
pub const SUBSCRIBE_DEFAULT: &str = "yw/v1/{product}/{device}/down/#";

impl Default for Acl {
    fn default() -> Self {
        Self::compile([PUBLISH_DEFAULT], [SUBSCRIBE_DEFAULT]).expect("both are patterns")
    }
}

impl Acl {
    /// Compiles the patterns of what may be published to and subscribed to.
    pub fn compile<'a>(
        publish: impl IntoIterator<Item = &'a str>,
        subscribe: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, AclFault> {
        Ok(Self {
            publish: compile_all(publish)?,
            subscribe: compile_all(subscribe)?,
        })
    }

    /// Whether a device may publish to a topic.
    pub fn may_publish(&self, who: Identity<'_>, topic: &str) -> bool {
        self.publish.iter().any(|one| one.covers(who, topic))
    }

    /// Whether a device may subscribe to a filter (without its share): whether everything that
    /// the filter matches is matched by one of the patterns.
    pub fn may_subscribe(&self, who: Identity<'_>, filter: &str) -> bool {
        self.subscribe.iter().any(|one| one.covers(who, filter))
    }
}

fn compile_all<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Vec<Pattern>, AclFault> {
    let compiled = patterns.into_iter().map(|text| {
        Pattern::compile(text).map_err(|fault| AclFault {
            pattern: text.to_owned(),
            fault,
        })
    });
    compiled.collect()
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    levels: Vec<Level>,
    /// It ends in `#`.
    open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Level {
    Any,
    Text(Box<str>),
    /// Pieces one after another, placeholders among them.
    Pieces(Vec<Piece>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(Box<str>),
    Product,
    Device,
}

impl Pattern {
    fn compile(text: &str) -> Result<Self, AclFaultKind> {
        if text.is_empty() {
            return Err(AclFaultKind::Empty);
        }
        let mut pattern = Self {
            levels: Vec::new(),
            open: false,
        };
        for level in text.split('/') {
            if pattern.open {
                return Err(AclFaultKind::Hash);
            }
            match level {
                "#" => pattern.open = true,
                "+" => pattern.levels.push(Level::Any),
                _ if level.contains('#') => return Err(AclFaultKind::Hash),
                _ if level.contains('+') => return Err(AclFaultKind::Plus),
                _ if level.contains(['{', '}']) => {
                    pattern.levels.push(Level::Pieces(pieces(level)?));
                }
                _ => pattern.levels.push(Level::Text(level.into())),
            }
        }
        Ok(pattern)
    }

    /// Whether a topic is matched, or all topics that a filter matches are.
    fn covers(&self, who: Identity<'_>, filter: &str) -> bool {
        let starts_wild = self.levels.first().is_none_or(|one| *one == Level::Any);
        if filter.starts_with('$') && starts_wild {
            return false;
        }
        let mut wanted = filter.split('/');
        for level in &self.levels {
            match wanted.next() {
                Some(text) if level.covers(who, text) => {}
                _ => return false,
            }
        }
        self.open || wanted.next().is_none()
    }
}

impl Level {
    fn covers(&self, who: Identity<'_>, text: &str) -> bool {
        match self {
            Self::Any => text != "#",
            Self::Text(own) => **own == *text,
            Self::Pieces(pieces) => {
                let mut rest = text;
                for piece in pieces {
                    let piece = match piece {
                        Piece::Text(text) => text,
                        Piece::Product => who.product,
                        Piece::Device => who.device,
                    };
                    match rest.strip_prefix(piece) {
                        Some(after) => rest = after,
                        None => return false,
                    }
                }
                rest.is_empty()
            }
        }
    }
}

fn pieces(level: &str) -> Result<Vec<Piece>, AclFaultKind> {
    let mut pieces = Vec::new();
    let mut rest = level;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or(AclFaultKind::Placeholder)?;
        if before.contains('}') {
            return Err(AclFaultKind::Placeholder);
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(before.into()));
        }
        pieces.push(match name {
            "product" => Piece::Product,
            "device" => Piece::Device,
            _ => return Err(AclFaultKind::Placeholder),
        });
        rest = after;
    }
    if rest.contains('}') {
        return Err(AclFaultKind::Placeholder);
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.into()));
    }
    Ok(pieces)
}

impl fmt::Display for Identity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.product, self.device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_has_its_own_topics_only() {
        let acl = Acl::default();
        let who = Identity::new("dust", "d1").unwrap();
        // Publish or subscribe, what, whether it is allowed.
        let table = [
            ('p', "yw/v1/dust/d1/up/props", true),
            ('p', "yw/v1/dust/d1/up", true),
            ('p', "yw/v1/dust/d1/up/a/b", true),
            ('p', "yw/v1/dust/d2/up/props", false),
            ('p', "yw/v1/dust/d11/up/props", false),
            ('p', "yw/v1/dust/d1/down/cmd", false),
            ('p', "yw/v1/dust/d1/upper", false),
            ('p', "$SYS/x", false),
            ('s', "yw/v1/dust/d1/down/cmd", true),
            ('s', "yw/v1/dust/d1/down/#", true),
            ('s', "yw/v1/dust/d1/down/+/x", true),
            ('s', "yw/v1/dust/d1/down", true),
            ('s', "yw/v1/dust/d1/#", false),
            ('s', "yw/v1/dust/+/down/#", false),
            ('s', "yw/v1/+/d1/down/#", false),
            ('s', "#", false),
            ('s', "+/v1/dust/d1/down/cmd", false),
        ];
        for (kind, topic, allowed) in table {
            let answer = match kind {
                'p' => acl.may_publish(who, topic),
                _ => acl.may_subscribe(who, topic),
            };
            assert_eq!(answer, allowed, "{kind} {topic}");
        }
    }

    #[test]
    fn wildcards_cover_what_is_narrower() {
        let acl = Acl::compile(["#"], ["a/+/c", "dev-{device}/x", "$SYS/+"]).unwrap();
        let who = Identity::new("p", "7").unwrap();
        assert!(acl.may_publish(who, "any/thing"));
        assert!(!acl.may_publish(who, "$SYS/thing"));
        for (filter, allowed) in [
            ("a/b/c", true),
            ("a/+/c", true),
            ("a/#", false),
            ("a/#/c", false),
            ("dev-7/x", true),
            ("dev-77/x", false),
            ("$SYS/a", true),
        ] {
            assert_eq!(acl.may_subscribe(who, filter), allowed, "{filter}");
        }
    }

    #[test]
    fn faults_name_the_pattern() {
        for (text, fault) in [
            ("", AclFaultKind::Empty),
            ("a/#/b", AclFaultKind::Hash),
            ("a#", AclFaultKind::Hash),
            ("a/b+", AclFaultKind::Plus),
            ("a/{serial}", AclFaultKind::Placeholder),
            ("a/{device", AclFaultKind::Placeholder),
            ("a/device}", AclFaultKind::Placeholder),
        ] {
            let refused = Acl::compile([text], []).unwrap_err();
            assert_eq!(refused.fault, fault, "{text}");
            assert_eq!(refused.pattern, text);
        }
        for name in ["", "+", "a/b", "#", "$SYS"] {
            assert!(Identity::new("p", name).is_err(), "{name}");
        }
    }
}
