//! A tree of topic levels. Nodes lie in one vector; the child of a node is found by one look into
//! one table, keyed by the parent and the level, so that a node with a hundred thousand children
//! costs no more than one with two. Short levels lie in the node itself.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use smol_str::SmolStr;

/// A node; valid until it is pruned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(u32);

const ROOT: NodeId = NodeId(0);
const NONE: NodeId = NodeId(u32::MAX);

#[derive(Debug)]
struct Node<T> {
    parent: NodeId,
    first_child: NodeId,
    next: NodeId,
    previous: NodeId,
    level: SmolStr,
    value: T,
}

/// What a node holds; a leaf that holds nothing is pruned.
pub(crate) trait Vacant: Default {
    fn is_vacant(&self) -> bool;
}

#[derive(Debug)]
pub(crate) struct Tree<T> {
    nodes: Vec<Node<T>>,
    free: Vec<NodeId>,
    index: HashTable<NodeId>,
    hasher: DefaultHashBuilder,
}

impl<T: Vacant> Tree<T> {
    pub(crate) fn new() -> Self {
        let root = Node {
            parent: NONE,
            first_child: NONE,
            next: NONE,
            previous: NONE,
            level: SmolStr::default(),
            value: T::default(),
        };
        Self {
            nodes: vec![root],
            free: Vec::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub(crate) const fn root() -> NodeId {
        ROOT
    }

    /// How many nodes there are beside the root.
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    fn node(&self, id: NodeId) -> &Node<T> {
        self.nodes.get(id.0 as usize).expect("ids come from here")
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node<T> {
        self.nodes
            .get_mut(id.0 as usize)
            .expect("ids come from here")
    }

    pub(crate) fn value(&self, id: NodeId) -> &T {
        &self.node(id).value
    }

    pub(crate) fn value_mut(&mut self, id: NodeId) -> &mut T {
        &mut self.node_mut(id).value
    }

    pub(crate) fn has_children(&self, id: NodeId) -> bool {
        self.node(id).first_child != NONE
    }

    /// The children of a node, the youngest first.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = (&str, NodeId)> {
        let mut next = self.node(id).first_child;
        std::iter::from_fn(move || {
            let id = (next != NONE).then_some(next)?;
            let node = self.node(id);
            next = node.next;
            Some((node.level.as_str(), id))
        })
    }

    fn hash(&self, parent: NodeId, level: &str) -> u64 {
        self.hasher.hash_one((parent.0, level))
    }

    pub(crate) fn child(&self, parent: NodeId, level: &str) -> Option<NodeId> {
        self.index
            .find(self.hash(parent, level), |&id| {
                let node = self.node(id);
                node.parent == parent && node.level == level
            })
            .copied()
    }

    /// The node of a path, if there is one.
    pub(crate) fn find<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<NodeId> {
        path.into_iter()
            .try_fold(ROOT, |node, level| self.child(node, level))
    }

    /// The node of a path, made if need be.
    pub(crate) fn ensure<'a>(&mut self, path: impl IntoIterator<Item = &'a str>) -> NodeId {
        path.into_iter()
            .fold(ROOT, |node, level| match self.child(node, level) {
                Some(child) => child,
                None => self.add(node, level),
            })
    }

    fn add(&mut self, parent: NodeId, level: &str) -> NodeId {
        let sibling = self.node(parent).first_child;
        let node = Node {
            parent,
            first_child: NONE,
            next: sibling,
            previous: NONE,
            level: SmolStr::new(level),
            value: T::default(),
        };
        let id = if let Some(id) = self.free.pop() {
            *self.node_mut(id) = node;
            id
        } else {
            self.nodes.push(node);
            NodeId((self.nodes.len() - 1) as u32)
        };
        if sibling != NONE {
            self.node_mut(sibling).previous = id;
        }
        self.node_mut(parent).first_child = id;
        let hash = self.hash(parent, level);
        let (nodes, hasher) = (&self.nodes, &self.hasher);
        self.index.insert_unique(hash, id, |other| {
            let node = nodes.get(other.0 as usize).expect("ids come from here");
            hasher.hash_one((node.parent.0, node.level.as_str()))
        });
        id
    }

    /// Takes away the node if it holds nothing and has no children, then its parent, and so on.
    pub(crate) fn prune(&mut self, mut id: NodeId) {
        while id != ROOT && !self.has_children(id) && self.value(id).is_vacant() {
            let parent = self.node(id).parent;
            self.remove(id);
            id = parent;
        }
    }

    fn remove(&mut self, id: NodeId) {
        let (parent, next, previous) = {
            let node = self.node(id);
            (node.parent, node.next, node.previous)
        };
        let hash = self.hash(parent, &self.node(id).level);
        if let Ok(entry) = self.index.find_entry(hash, |&other| other == id) {
            entry.remove();
        }
        if next != NONE {
            self.node_mut(next).previous = previous;
        }
        if previous == NONE {
            self.node_mut(parent).first_child = next;
        } else {
            self.node_mut(previous).next = next;
        }
        let node = self.node_mut(id);
        node.level = SmolStr::default();
        node.value = T::default();
        self.free.push(id);
        if self.index.is_empty() {
            *self = Self::new();
        }
    }

    /// The levels from the root to a node, with slashes between.
    pub(crate) fn path(&self, mut id: NodeId) -> String {
        let mut levels = Vec::new();
        while id != ROOT {
            let node = self.node(id);
            levels.push(node.level.as_str());
            id = node.parent;
        }
        levels.reverse();
        levels.join("/")
    }
}
