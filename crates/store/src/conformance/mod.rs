//! One suite for every store: named promises, races, and random histories compared with the domain.
//!
//! A backend gives a [`Harness`] and one line: `jari_store::conformance_suite!(embedded, Embedded);`

#![expect(clippy::missing_panics_doc, reason = "a case fails by panicking")]

use std::sync::Arc;

use jari_domain::Timestamp;

use crate::Store;

pub mod door;
pub mod history;
pub mod holds;
pub mod line;
pub mod operating;
pub mod races;
pub mod sales;
pub mod world;

pub use world::World;

/// A store under test, with a clock that stands still until it is moved.
pub trait Harness: Send + Sync + 'static {
    /// A fresh, empty store.
    fn fresh() -> Self;
    /// The store as it is open now.
    fn store(&self) -> Arc<dyn Store>;
    /// The store's time.
    fn now(&self) -> Timestamp;
    /// Lets `ms` milliseconds pass.
    fn advance(&self, ms: i64);
    /// Closes the store and opens the same data again.
    fn reopen(&mut self);
}

/// Makes a test of each promise for one store.
#[macro_export]
macro_rules! conformance_suite {
    ($name:ident, $harness:ty) => {
        $crate::conformance_suite!(@cases $name, $harness,
            line::numbers_go_up_and_a_visitor_keeps_one,
            line::people_are_admitted_in_the_order_of_their_numbers,
            line::no_more_are_admitted_than_the_capacity_and_the_pace_allow,
            line::who_is_absent_when_called_is_parked_and_first_on_return,
            line::a_pass_counts_from_its_collection_and_runs_out,
            line::leaving_frees_the_slot_at_once,
            line::places_that_have_ended_are_not_revived,
            line::before_the_opening_people_get_numbers_and_nobody_is_admitted,
            holds::a_hold_is_all_or_nothing,
            holds::refusals_come_in_their_order,
            holds::a_repeated_key_gives_the_first_hold_again,
            holds::a_hold_that_runs_out_frees_its_seats,
            holds::a_hold_can_be_given_back_once_and_again,
            holds::the_limit_counts_holds_and_purchases_of_a_place,
            holds::the_best_seats_are_neighbours,
            sales::a_hold_is_confirmed_exactly_once,
            sales::a_hold_that_has_ended_is_not_confirmed,
            sales::a_purchase_frees_the_slot_at_once_and_other_holds_live_on,
            sales::every_code_is_given_to_one_reservation,
            sales::what_is_cancelled_is_free_again,
            sales::a_new_receipt_ends_the_old_one,
            sales::the_last_sale_sells_the_event_out_and_a_cancellation_brings_it_back,
            operating::an_event_goes_from_draft_to_closed_and_not_back,
            operating::what_is_fixed_stays,
            operating::blocked_seats_are_not_sold,
            operating::a_pause_stops_holds_but_not_confirmations,
            operating::staff_keys_come_and_go,
            operating::a_deleted_event_takes_its_staff_keys_with_it,
            operating::the_record_is_read_newest_first,
            door::people_come_in_seat_by_seat,
            door::the_same_nonce_gives_the_same_answer,
            door::a_double_entry_of_an_offline_device_is_a_conflict,
            door::an_entry_can_be_undone,
            door::wrong_codes_are_limited,
            races::one_of_two_hundred_gets_the_seat,
            races::two_hundred_confirmations_make_one_reservation,
            races::overlapping_pairs_are_never_sold_twice,
            history::random_histories_agree_with_the_domain,
            history::random_histories_agree_when_the_store_is_reopened
        );
    };
    (@cases $name:ident, $harness:ty, $($module:ident :: $case:ident),+) => {
        mod $name {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    $crate::conformance::$module::$case::<$harness>().await;
                }
            )+
        }
    };
}
