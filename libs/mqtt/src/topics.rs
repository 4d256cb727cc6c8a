//! Who wants which messages: all subscriptions, found by topic.

mod audience;

use std::num::NonZeroU32;

use hashbrown::HashMap;
use smallvec::SmallVec;

use crate::message::Delivery;
use crate::packet::{Qos, SubscriptionOptions};
use crate::topic::Filter;
use crate::tree::{NodeId, Tree};
use audience::{Audience, Spot};

/// Whoever subscribes, in the numbering of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subscriber(pub u64);

/// One subscription of one filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscription {
    /// Whose.
    pub subscriber: Subscriber,
    /// Comes back with each message.
    pub id: Option<NonZeroU32>,
    /// How the messages are wanted.
    pub options: SubscriptionOptions,
}

/// What matches a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match<'a> {
    /// A subscription of its own.
    One(&'a Subscription),
    /// A shared one: exactly one of the members gets the message.
    Shared {
        /// The share name.
        group: &'a str,
        /// Never empty.
        members: &'a [Subscription],
    },
}

/// How much may be subscribed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicsLimits {
    /// Of one subscriber.
    pub subscriptions_each_max: usize,
    /// Of all together.
    pub subscriptions_max: usize,
}

impl Default for TopicsLimits {
    fn default() -> Self {
        Self {
            subscriptions_each_max: 64,
            subscriptions_max: 2_000_000,
        }
    }
}

/// What became of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscribed {
    /// There was none of this filter.
    New,
    /// It takes the place of an earlier one of the same filter (`[MQTT-3.8.4-3]`).
    Replaced,
}

/// A limit is reached; nothing was subscribed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooManySubscriptions {
    /// Of this subscriber.
    #[error("a subscriber has its {0} subscriptions")]
    Each(usize),
    /// Of all.
    #[error("there are {0} subscriptions in all")]
    All(usize),
}

/// Where one subscription lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    node: NodeId,
    spot: Spot,
    shared: bool,
}

/// All subscriptions.
#[derive(Debug)]
pub struct Topics {
    limits: TopicsLimits,
    tree: Tree<Audience>,
    places: HashMap<Subscriber, SmallVec<[Place; 2]>>,
    count: usize,
}

impl Topics {
    /// No subscriptions yet.
    pub fn new(limits: TopicsLimits) -> Self {
        Self {
            limits,
            tree: Tree::new(),
            places: HashMap::new(),
            count: 0,
        }
    }

    /// How many subscriptions there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Nobody wants anything.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many levels of filters are kept, for whoever watches memory.
    pub fn nodes(&self) -> usize {
        self.tree.len()
    }

    /// Adds a subscription, or puts it in the place of the one with the same filter.
    pub fn subscribe(
        &mut self,
        filter: &Filter<'_>,
        subscription: Subscription,
    ) -> Result<Subscribed, TooManySubscriptions> {
        let subscriber = subscription.subscriber;
        let (path, spot) = path(filter);
        if let Some(node) = self.tree.find(path.clone())
            && let Some(old) = self
                .tree
                .value_mut(node)
                .find_mut(filter.share(), spot, subscriber)
        {
            *old = subscription;
            return Ok(Subscribed::Replaced);
        }
        let limits = self.limits;
        if self.count >= limits.subscriptions_max {
            return Err(TooManySubscriptions::All(limits.subscriptions_max));
        }
        let places = self.places.entry(subscriber).or_default();
        if places.len() >= limits.subscriptions_each_max {
            return Err(TooManySubscriptions::Each(limits.subscriptions_each_max));
        }
        let node = self.tree.ensure(path);
        places.push(Place {
            node,
            spot,
            shared: filter.share().is_some(),
        });
        self.tree
            .value_mut(node)
            .insert(filter.share(), spot, subscription);
        self.count += 1;
        Ok(Subscribed::New)
    }

    /// Takes a subscription away; false if there was none.
    pub fn unsubscribe(&mut self, filter: &Filter<'_>, subscriber: Subscriber) -> bool {
        let (path, spot) = path(filter);
        let Some(node) = self.tree.find(path) else {
            return false;
        };
        let audience = self.tree.value_mut(node);
        if !audience.remove(filter.share(), spot, subscriber) {
            return false;
        }
        self.tree.prune(node);
        self.count -= 1;
        let place = Place {
            node,
            spot,
            shared: filter.share().is_some(),
        };
        if let Some(places) = self.places.get_mut(&subscriber) {
            if let Some(at) = places.iter().position(|other| *other == place) {
                places.swap_remove(at);
            }
            if places.is_empty() {
                self.places.remove(&subscriber);
            }
        }
        true
    }

    /// Takes away all that a subscriber has; answers how many.
    pub fn unsubscribe_all(&mut self, subscriber: Subscriber) -> usize {
        let Some(places) = self.places.remove(&subscriber) else {
            return 0;
        };
        for place in &places {
            let audience = self.tree.value_mut(place.node);
            if place.shared {
                audience.remove_from_a_group(place.spot, subscriber);
            } else {
                audience.remove(None, place.spot, subscriber);
            }
            self.tree.prune(place.node);
        }
        self.count -= places.len();
        places.len()
    }

    /// The filters of a subscriber with their subscriptions, in no order.
    pub fn subscriptions_of(&self, subscriber: Subscriber) -> Vec<(String, Subscription)> {
        let mut found = Vec::new();
        for place in self.places.get(&subscriber).into_iter().flatten() {
            let mut pattern = self.tree.path(place.node);
            if place.spot == Spot::Below {
                if place.node != Tree::<Audience>::root() {
                    pattern.push('/');
                }
                pattern.push('#');
            }
            let audience = self.tree.value(place.node);
            audience.of(place.spot, subscriber, |share, subscription| {
                let filter = match share {
                    None => pattern.clone(),
                    Some(share) => format!("$share/{share}/{pattern}"),
                };
                if share.is_some() == place.shared && !found.iter().any(|(f, _)| *f == filter) {
                    found.push((filter, *subscription));
                }
            });
        }
        found
    }

    /// Visits all that matches a topic; a subscriber with several filters is visited several times.
    pub fn matches<'a>(&'a self, topic: &str, mut visit: impl FnMut(Match<'a>)) {
        let hidden = topic.starts_with('$');
        self.descend(Tree::<Audience>::root(), Some(topic), hidden, &mut visit);
    }

    /// The recursion is as deep as the topic has levels, and no deeper than the deepest filter.
    fn descend<'a>(
        &'a self,
        node: NodeId,
        topic: Option<&str>,
        hidden: bool,
        visit: &mut impl FnMut(Match<'a>),
    ) {
        let audience = self.tree.value(node);
        if !hidden {
            audience.visit(Spot::Below, visit);
        }
        let Some(topic) = topic else {
            audience.visit(Spot::Here, visit);
            return;
        };
        if !self.tree.has_children(node) {
            return;
        }
        let (level, rest) = match topic.split_once('/') {
            Some((level, rest)) => (level, Some(rest)),
            None => (topic, None),
        };
        if let Some(child) = self.tree.child(node, level) {
            self.descend(child, rest, false, visit);
        }
        if !hidden && let Some(child) = self.tree.child(node, "+") {
            self.descend(child, rest, false, visit);
        }
    }

    /// Works out who gets a message and how: each subscriber once, at the highest QoS it asked
    /// for and with the identifiers of all its filters that match; of a group, the member whose
    /// turn it is. `publisher` gets nothing back by subscriptions with no local.
    pub fn route(&self, publication: &Publication<'_>, routes: &mut Vec<(Subscriber, Delivery)>) {
        let start = routes.len();
        self.matches(publication.topic, |found| {
            let subscription = match found {
                Match::One(subscription) => subscription,
                Match::Shared { members, .. } => {
                    let at = publication.turn % members.len().max(1) as u64;
                    match members.get(at as usize) {
                        Some(member) => member,
                        None => return,
                    }
                }
            };
            let own = Some(subscription.subscriber) == publication.publisher;
            if !(own && subscription.options.no_local) {
                routes.push((subscription.subscriber, publication.delivery(subscription)));
            }
        });
        let fresh = routes.get_mut(start..).unwrap_or_default();
        if fresh.len() < 2 {
            return;
        }
        fresh.sort_by_key(|(subscriber, _)| *subscriber);
        let mut at = 0;
        routes.dedup_by(|later, kept| {
            at += 1;
            // What the caller left in from earlier publications stays as it is.
            if at <= start || later.0 != kept.0 {
                return false;
            }
            kept.1.qos = kept.1.qos.max(later.1.qos);
            kept.1.retain |= later.1.retain;
            kept.1
                .subscription_ids
                .append(&mut later.1.subscription_ids);
            true
        });
    }
}

/// What is routed.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'a> {
    /// The topic name.
    pub topic: &'a str,
    /// As it was published.
    pub qos: Qos,
    /// As it was published.
    pub retain: bool,
    /// Who published it, if a subscriber.
    pub publisher: Option<Subscriber>,
    /// A number that counts up, so that the members of a group take turns.
    pub turn: u64,
}

impl Publication<'_> {
    fn delivery(&self, subscription: &Subscription) -> Delivery {
        Delivery {
            qos: self.qos.min(subscription.options.qos),
            retain: self.retain && subscription.options.retain_as_published,
            subscription_ids: subscription.id.into_iter().collect(),
        }
    }
}

/// The levels of a filter without a last `#`, and on which side of the node it lies.
fn path<'a>(filter: &Filter<'a>) -> (impl Iterator<Item = &'a str> + Clone, Spot) {
    let pattern = filter.pattern();
    let (levels, spot) = match pattern.strip_suffix('#') {
        None => (Some(pattern), Spot::Here),
        Some("") => (None, Spot::Below),
        Some(above) => (above.strip_suffix('/'), Spot::Below),
    };
    (levels.into_iter().flat_map(|path| path.split('/')), spot)
}

#[cfg(test)]
mod tests;
