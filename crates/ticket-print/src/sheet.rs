//! What stands on a ticket.

/// More seats than this are counted, not listed. A hold has no more, and a page takes no more.
pub const MAX_SEATS: usize = 50;

/// What stands on a ticket: texts as they shall be read, formatted by the caller.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct TicketSheet {
    /// The event.
    pub event_name: String,
    /// Where it takes place.
    pub venue: String,
    /// When it begins, in the time zone of the venue.
    pub starts_at_text: String,
    /// The entry code that staff look up, with its leading zeros.
    pub code: String,
    /// The seats, in the order in which they are listed; at most [`MAX_SEATS`] of them are.
    pub seats: Vec<SeatLine>,
    /// The sum, with its currency.
    pub total_text: String,
    /// Who bought the seats.
    pub buyer_name: String,
    /// Names the reservation.
    pub reservation_id: String,
    /// The content of the QR code.
    pub entry_token: String,
    /// Whether the ticket is good.
    pub state: TicketState,
}

/// One seat of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeatLine {
    /// The section of the hall.
    pub section: String,
    /// The row in its section.
    pub row: String,
    /// The number in its row.
    pub number: String,
    /// The price category.
    pub category: String,
    /// The price, with its currency.
    pub price_text: String,
}

/// Whether a ticket is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TicketState {
    /// Good for entry.
    #[default]
    Confirmed,
    /// Used: somebody has entered with it.
    CheckedIn,
    /// Not good any more; the sheet says so in red and strikes the code out.
    Cancelled,
}

/// Leaves out who bought and what opens the door.
impl std::fmt::Debug for TicketSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TicketSheet")
            .field("event_name", &self.event_name)
            .field("reservation_id", &self.reservation_id)
            .field("seats", &self.seats.len())
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A ticket as most are: two seats, Korean and English mixed.
    pub(crate) fn sheet() -> TicketSheet {
        TicketSheet {
            event_name: "2026 봄 갈라 콘서트 · Spring Gala".into(),
            venue: "엑코 콘서트홀 EKCC Hall".into(),
            starts_at_text: "2026년 4월 12일 (일) 19:30".into(),
            code: "0427".into(),
            seats: seats(2),
            total_text: "₩264,000".into(),
            buyer_name: "김하늘".into(),
            reservation_id: "01926f0e-7c3a-7b1e-9d55-0c6f1f2a9b10".into(),
            entry_token: "F60B*HR7I000000000900000000000000470ENAO.KYEV000000$DGZDWJWGLI6.0SN-7GQ8Y68\
                          PJCA-KHXW$JO$A6V:JIQZDKKC*19RC01J:5KTJ97KSQH0JB*ILZZ3*4B8QZ-F.SF7Q71*LG47U4FLO"
                .into(),
            state: TicketState::Confirmed,
        }
    }

    /// That many seats, side by side.
    pub(crate) fn seats(count: usize) -> Vec<SeatLine> {
        let seat = |i: usize| SeatLine {
            section: "1층 A구역".into(),
            row: (i / 12 + 1).to_string(),
            number: (i % 12 + 1).to_string(),
            category: "VIP석".into(),
            price_text: "₩132,000".into(),
        };
        (0..count).map(seat).collect()
    }

    #[test]
    fn debug_names_neither_buyer_nor_token() {
        let text = format!("{:?}", sheet());
        assert!(text.contains("01926f0e") && text.contains("Confirmed"));
        assert!(!text.contains("김하늘") && !text.contains("F60B") && !text.contains("0427"));
    }
}
