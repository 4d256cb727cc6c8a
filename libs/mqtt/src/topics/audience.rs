//! The subscriptions at one node of the tree. Of two hundred thousand devices each has a node of
//! its own with a single subscription, so that case lies in the node and allocates nothing.

use hashbrown::HashMap;
use smol_str::SmolStr;

use super::{Match, Subscriber, Subscription};
use crate::tree::Vacant;

/// Which filters of a node: those that end here, or those that end in `#` after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Here,
    Below,
}

#[derive(Debug, Default)]
pub(super) enum Audience {
    #[default]
    Nobody,
    Here(Subscription),
    Below(Subscription),
    Many(Box<Crowd>),
}

#[derive(Debug, Default)]
pub(super) struct Crowd {
    here: HashMap<Subscriber, Subscription>,
    below: HashMap<Subscriber, Subscription>,
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    name: SmolStr,
    spot: Spot,
    members: Vec<Subscription>,
}

impl Group {
    fn position(&self, subscriber: Subscriber) -> Option<usize> {
        let mut members = self.members.iter();
        members.position(|member| member.subscriber == subscriber)
    }
}

impl Vacant for Audience {
    fn is_vacant(&self) -> bool {
        matches!(self, Self::Nobody)
    }
}

impl Crowd {
    fn singles(&mut self, spot: Spot) -> &mut HashMap<Subscriber, Subscription> {
        match spot {
            Spot::Here => &mut self.here,
            Spot::Below => &mut self.below,
        }
    }

    fn group(&mut self, name: &str, spot: Spot) -> Option<&mut Group> {
        let mut groups = self.groups.iter_mut();
        groups.find(|group| group.name == name && group.spot == spot)
    }

    fn insert(&mut self, share: Option<&str>, spot: Spot, subscription: Subscription) {
        let Some(name) = share else {
            self.singles(spot)
                .insert(subscription.subscriber, subscription);
            return;
        };
        if let Some(group) = self.group(name, spot) {
            group.members.push(subscription);
            return;
        }
        self.groups.push(Group {
            name: SmolStr::new(name),
            spot,
            members: vec![subscription],
        });
    }

    fn is_empty(&self) -> bool {
        self.here.is_empty() && self.below.is_empty() && self.groups.is_empty()
    }
}

impl Audience {
    pub(super) fn find_mut(
        &mut self,
        share: Option<&str>,
        spot: Spot,
        subscriber: Subscriber,
    ) -> Option<&mut Subscription> {
        match (self, share) {
            (Self::Here(one), None) if spot == Spot::Here => {
                (one.subscriber == subscriber).then_some(one)
            }
            (Self::Below(one), None) if spot == Spot::Below => {
                (one.subscriber == subscriber).then_some(one)
            }
            (Self::Many(crowd), None) => crowd.singles(spot).get_mut(&subscriber),
            (Self::Many(crowd), Some(name)) => {
                let members = &mut crowd.group(name, spot)?.members;
                members
                    .iter_mut()
                    .find(|member| member.subscriber == subscriber)
            }
            _ => None,
        }
    }

    /// Adds a subscription that is not there.
    pub(super) fn insert(&mut self, share: Option<&str>, spot: Spot, subscription: Subscription) {
        let mut crowd = match std::mem::take(self) {
            Self::Nobody if share.is_none() => {
                *self = match spot {
                    Spot::Here => Self::Here(subscription),
                    Spot::Below => Self::Below(subscription),
                };
                return;
            }
            Self::Nobody => Box::default(),
            Self::Many(crowd) => crowd,
            Self::Here(one) => {
                let mut crowd = Box::<Crowd>::default();
                crowd.insert(None, Spot::Here, one);
                crowd
            }
            Self::Below(one) => {
                let mut crowd = Box::<Crowd>::default();
                crowd.insert(None, Spot::Below, one);
                crowd
            }
        };
        crowd.insert(share, spot, subscription);
        *self = Self::Many(crowd);
    }

    pub(super) fn remove(
        &mut self,
        share: Option<&str>,
        spot: Spot,
        subscriber: Subscriber,
    ) -> bool {
        if self.find_mut(share, spot, subscriber).is_none() {
            return false;
        }
        match (&mut *self, share) {
            (Self::Many(crowd), None) => {
                crowd.singles(spot).remove(&subscriber);
            }
            (Self::Many(crowd), Some(name)) => {
                if let Some(group) = crowd.group(name, spot)
                    && let Some(at) = group.position(subscriber)
                {
                    group.members.swap_remove(at);
                }
            }
            _ => *self = Self::Nobody,
        }
        self.settle();
        true
    }

    /// Takes a subscriber out of one of the groups it is in.
    pub(super) fn remove_from_a_group(&mut self, spot: Spot, subscriber: Subscriber) {
        if let Self::Many(crowd) = self {
            let mut groups = crowd.groups.iter_mut().filter(|group| group.spot == spot);
            if let Some((group, at)) =
                groups.find_map(|group| group.position(subscriber).map(|at| (group, at)))
            {
                group.members.swap_remove(at);
            }
        }
        self.settle();
    }

    fn settle(&mut self) {
        if let Self::Many(crowd) = self {
            crowd.groups.retain(|group| !group.members.is_empty());
            if crowd.is_empty() {
                *self = Self::Nobody;
            }
        }
    }

    pub(super) fn visit<'a>(&'a self, spot: Spot, visit: &mut impl FnMut(Match<'a>)) {
        match self {
            Self::Here(one) if spot == Spot::Here => visit(Match::One(one)),
            Self::Below(one) if spot == Spot::Below => visit(Match::One(one)),
            Self::Many(crowd) => {
                let singles = match spot {
                    Spot::Here => &crowd.here,
                    Spot::Below => &crowd.below,
                };
                singles.values().for_each(|one| visit(Match::One(one)));
                for group in crowd.groups.iter().filter(|group| group.spot == spot) {
                    visit(Match::Shared {
                        group: &group.name,
                        members: &group.members,
                    });
                }
            }
            _ => {}
        }
    }

    /// What one subscriber has here, with the share name.
    pub(super) fn of(
        &self,
        spot: Spot,
        subscriber: Subscriber,
        mut visit: impl FnMut(Option<&str>, &Subscription),
    ) {
        self.visit(spot, &mut |found| match found {
            Match::One(one) if one.subscriber == subscriber => visit(None, one),
            Match::Shared { group, members } => {
                for member in members.iter().filter(|m| m.subscriber == subscriber) {
                    visit(Some(group), member);
                }
            }
            Match::One(_) => {}
        });
    }
}
