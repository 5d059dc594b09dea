//! Whether a history of replies to clients that ran side by side is linearisable: whether there is
//! an order of the calls, each at one moment between its beginning and its end, in which a model
//! that takes one call at a time gives every client the reply that it had.
//!
//! The question is Wing and Gong's. It is answered just in time, as Lowe does: walking through the
//! beginnings and ends in the order in which they happened, it keeps every configuration that is
//! still possible (a state of the model, and which of the open calls have taken effect in it). At
//! the end of a call only those stay in which it has taken effect. Where none stays, there is no
//! such order. A history may be of any length; only the calls that overlap cost.
//!
//! Most calls that overlap change nothing where they come: a read, a lock of what is locked. Whether
//! such a call was made there or is still to come is left open, so that not each choice is a
//! configuration of its own. And of open calls that are the same, with the same reply, the one that
//! ends first is taken first: any order in which it is not is one in which the two change places.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;

/// Most calls that may be open at one time.
const OPEN_MAX: usize = u128::BITS as usize;

/// What clients talk to, one call at a time.
pub(crate) trait Model {
    type State: Clone + Ord + Debug;
    /// A call with its reply.
    type Op: Debug + PartialEq;

    /// The state after a call, or `None` where the call cannot have had this reply in this state.
    fn step(state: &Self::State, op: &Self::Op) -> Option<Self::State>;
}

/// A call of a client. Beginnings and ends are drawn from one counter that all clients share: the
/// beginning before the request is sent, the end after the reply was read.
#[derive(Clone, Debug)]
pub(crate) struct Call<Op> {
    pub(crate) begin: u64,
    pub(crate) end: u64,
    pub(crate) op: Op,
}

/// Which of the open calls have taken effect, a bit for each place.
#[derive(Clone, Copy, Debug)]
struct Taken {
    done: u128,
    /// Could have come at a moment when it changed nothing: taken as done or as still to come,
    /// whichever turns out to be right.
    free: u128,
}

impl Taken {
    /// Whether all that can come of `other` can come of this.
    fn covers(self, other: Taken) -> bool {
        other.done & !(self.done | self.free) == 0
            && other.free & !self.free == 0
            && self.done & !other.done == 0
    }
}

/// What is possible: in each state, the choices of which none covers another.
#[derive(Debug)]
struct Possible<State>(BTreeMap<State, Vec<Taken>>);

impl<State: Clone + Ord> Possible<State> {
    fn new() -> Self {
        Possible(BTreeMap::new())
    }

    /// `false` where it was covered already.
    fn insert(&mut self, state: State, taken: Taken) -> bool {
        let known = self.0.entry(state).or_default();
        if known.iter().any(|it| it.covers(taken)) {
            return false;
        }
        known.retain(|it| !taken.covers(*it));
        known.push(taken);
        true
    }

    fn iter(&self) -> impl Iterator<Item = (&State, Taken)> {
        self.0.iter().flat_map(|(state, known)| known.iter().map(move |taken| (state, *taken)))
    }
}

/// The open calls, each at a place of its own.
type Open<'c, Op> = Vec<Option<&'c Call<Op>>>;

/// Finds an order for the calls.
///
/// # Errors
/// Where there is none: the first end of a call at which that shows, as text.
pub(crate) fn check<M: Model>(first: M::State, calls: &[Call<M::Op>]) -> Result<(), String> {
    let mut moments: Vec<(u64, usize)> = Vec::with_capacity(calls.len() * 2);
    for (idx, call) in calls.iter().enumerate() {
        assert!(call.begin < call.end, "{call:?}");
        moments.extend([(call.begin, idx), (call.end, idx)]);
    }
    moments.sort_unstable();
    let mut open: Open<'_, M::Op> = vec![None; OPEN_MAX];
    let mut possible = Possible::new();
    possible.insert(first, Taken { done: 0, free: 0 });
    for (at, idx) in moments {
        let call = &calls[idx];
        if at == call.begin {
            let place = open.iter().position(Option::is_none).expect("too many calls are open");
            open[place] = Some(call);
            for (state, known) in &mut possible.0 {
                if M::step(state, &call.op).as_ref() == Some(state) {
                    for taken in known {
                        taken.free |= 1 << place;
                    }
                }
            }
            continue;
        }
        let place = open.iter().position(|it| it.is_some_and(|it| it.end == at));
        let place = place.expect("a call that ends is open");
        let next = after_end::<M>(&possible, place, &open);
        if next.0.is_empty() {
            return Err(explain::<M>(&possible, call, &open));
        }
        open[place] = None;
        possible = next;
    }
    Ok(())
}

/// What is possible after the end of the call at `place`.
fn after_end<M: Model>(
    possible: &Possible<M::State>,
    place: usize,
    open: &Open<'_, M::Op>,
) -> Possible<M::State> {
    let ended: u128 = 1 << place;
    let mut next = Possible::new();
    let mut seen = Possible::new();
    let mut to_do: VecDeque<(M::State, Taken)> =
        possible.iter().map(|(state, taken)| (state.clone(), taken)).collect();
    while let Some((state, taken)) = to_do.pop_front() {
        if (taken.done | taken.free) & ended != 0 {
            let left = Taken { done: taken.done & !ended, free: taken.free & !ended };
            next.insert(state.clone(), left);
        }
        if taken.done & ended != 0 {
            continue;
        }
        for (place, call) in open.iter().enumerate() {
            let bit = 1 << place;
            let Some(call) = call.filter(|_| taken.done & bit == 0) else { continue };
            let Some(after) = M::step(&state, &call.op).filter(|after| *after != state) else {
                continue;
            };
            if is_second(call, taken, open) {
                continue;
            }
            let done = taken.done | bit;
            let free = (taken.free & !bit) | free::<M>(&after, done, open);
            let taken = Taken { done, free };
            if seen.insert(after.clone(), taken) {
                to_do.push_back((after, taken));
            }
        }
    }
    next
}

/// Whether the same call of another client has to be taken first: one that ends before this one, and can
/// only be still to come.
fn is_second<Op: PartialEq>(call: &Call<Op>, taken: Taken, open: &Open<'_, Op>) -> bool {
    let to_come = open.iter().enumerate().filter(|(place, _)| {
        let bit = 1 << place;
        (taken.done | taken.free) & bit == 0
    });
    to_come.filter_map(|(_, it)| *it).any(|it| it.end < call.end && it.op == call.op)
}

/// The calls not yet done that would change nothing here.
fn free<M: Model>(state: &M::State, done: u128, open: &Open<'_, M::Op>) -> u128 {
    let places = open.iter().enumerate().filter(|(place, _)| done & (1 << place) == 0);
    places.fold(0, |free, (place, call)| match call {
        Some(call) if M::step(state, &call.op).as_ref() == Some(state) => free | 1 << place,
        _ => free,
    })
}

fn explain<M: Model>(
    possible: &Possible<M::State>,
    ended: &Call<M::Op>,
    open: &Open<'_, M::Op>,
) -> String {
    let mut text = format!("no order of the calls explains {ended:?}\nopen beside it:");
    for call in open.iter().flatten().filter(|it| it.end != ended.end) {
        text = format!("{text}\n  {call:?}");
    }
    text.push_str("\nthe states that were possible before:");
    for (state, taken) in possible.iter() {
        text = format!("{text}\n  {state:?} with {} of them done", taken.done.count_ones());
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One value that is written, read, and counted up by what is told its old value.
    struct Register;

    #[derive(Clone, Debug, PartialEq)]
    enum Op {
        Write(u8),
        Read(u8),
        /// Adds one; the reply is the value before.
        Count(u8),
    }

    impl Model for Register {
        type State = u8;
        type Op = Op;

        fn step(state: &u8, op: &Op) -> Option<u8> {
            match *op {
                Op::Write(value) => Some(value),
                Op::Read(value) => (*state == value).then_some(value),
                Op::Count(before) => (*state == before).then(|| before.wrapping_add(1)),
            }
        }
    }

    fn call(begin: u64, end: u64, op: Op) -> Call<Op> {
        Call { begin, end, op }
    }

    fn holds(calls: &[Call<Op>]) -> bool {
        check::<Register>(0, calls).is_ok()
    }

    #[test]
    fn a_read_beside_a_write_may_have_either_value_but_only_in_order() {
        let write = call(1, 10, Op::Write(1));
        for value in [0, 1] {
            assert!(holds(&[write.clone(), call(2, 3, Op::Read(value))]));
        }
        assert!(!holds(&[write.clone(), call(2, 3, Op::Read(2))]));
        let reads = |first, second| {
            [write.clone(), call(2, 3, Op::Read(first)), call(4, 5, Op::Read(second))]
        };
        assert!(holds(&reads(0, 1)));
        assert!(!holds(&reads(1, 0)), "what was read once cannot be unread");
    }

    #[test]
    fn a_stale_read_and_a_lost_write_are_found() {
        assert!(!holds(&[call(1, 2, Op::Write(1)), call(3, 4, Op::Read(0))]));
        assert!(holds(&[call(1, 2, Op::Write(1)), call(3, 4, Op::Read(1))]));
        let both = |after| {
            [call(1, 4, Op::Count(0)), call(2, 3, Op::Count(0)), call(5, 6, Op::Read(after))]
        };
        assert!(!holds(&both(1)), "two were told the same: one count is lost");
        assert!(!holds(&both(2)));
        let counted = [call(1, 4, Op::Count(1)), call(2, 3, Op::Count(0)), call(5, 6, Op::Read(2))];
        assert!(holds(&counted));
    }

    #[test]
    fn what_cannot_be_is_told_with_what_was_open() {
        let calls = [call(1, 2, Op::Write(1)), call(3, 6, Op::Write(7)), call(4, 5, Op::Read(3))];
        assert_eq!(
            check::<Register>(0, &calls).unwrap_err(),
            "no order of the calls explains Call { begin: 4, end: 5, op: Read(3) }\n\
             open beside it:\n  Call { begin: 3, end: 6, op: Write(7) }\n\
             the states that were possible before:\n  1 with 0 of them done"
        );
    }

    /// Tries every order, one by one.
    fn holds_by_trial(state: u8, left: &[Call<Op>]) -> bool {
        left.is_empty()
            || left.iter().enumerate().any(|(idx, call)| {
                let comes_first = left.iter().all(|other| call.begin < other.end);
                let mut rest = left.to_vec();
                rest.remove(idx);
                comes_first
                    && Register::step(&state, &call.op)
                        .is_some_and(|state| holds_by_trial(state, &rest))
            })
    }

    fn op() -> impl Strategy<Value = Op> {
        prop_oneof![
            (0..3_u8).prop_map(Op::Write),
            (0..3_u8).prop_map(Op::Read),
            (0..3_u8).prop_map(Op::Count),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn it_says_what_trying_every_order_says(
            ops in prop::collection::vec(op(), 1..6),
            order in Just((0..10_u64).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let calls: Vec<Call<Op>> = ops
                .into_iter()
                .zip(order.chunks(2))
                .map(|(op, two)| call(two[0].min(two[1]), two[0].max(two[1]), op))
                .collect();
            prop_assert_eq!(holds(&calls), holds_by_trial(0, &calls));
        }
    }
}
