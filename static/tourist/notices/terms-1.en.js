export default {
  "notice": "terms",
  "version": 1,
  "from": "2026-11-23",
  "title": "Terms of use",
  "sections": [
    {
      "heading": "What Tanyu is",
      "text": [
        "Tanyu is the island's low-carbon points: take the boat, ride the bus, clean your plate, carry your litter off, and earn points that you can spend on the island.",
        "No form and no phone number; as a guest you can start at once."
      ]
    },
    {
      "heading": "Points",
      "text": [
        "Points are a reward with a budget. They are not money: they cannot be bought, sold, passed on or turned into cash, and a point has no price.",
        "What an act brings follows the rule that is published at that time. Each scene has a limit of its own; beyond it the act is still noted, and what is too much brings 0 points.",
        "Points last until 31 December of the year after you earned them. The home page tells you before they end."
      ]
    },
    {
      "heading": "Grams",
      "text": [
        "Grams are estimates with a source, the lowest value that can be cited; where no number can be defended we write 0 g. They are not carbon credits and cannot be traded."
      ]
    },
    {
      "heading": "Vouchers",
      "text": [
        "When you exchange, the points move into the voucher. They are spent once the shop has redeemed it. Each voucher says until when it is good.",
        "A voucher that was not used can be given back: its points return with their old dates. Points whose date has passed get 7 more days, once."
      ]
    },
    {
      "heading": "Fair use",
      "text": [
        "One person is one member. Please do not make up acts, and do not sell points, tickets or vouchers.",
        "What looks wrong is not credited until somebody of the staff has looked at it; the result and the reason stand in your history. What was credited by mistake is taken back with a reason; what was spent of it is owed, and what you earn next pays it first."
      ]
    },
    {
      "heading": "Children",
      "text": [
        "Children under 14 need no account. They use paper tickets, which a parent's phone hands in."
      ]
    },
    {
      "heading": "When these terms change",
      "text": [
        "Other words get another version number, and you are asked again. You can sign out, take your consent back or be forgotten at any time."
      ]
    }
  ]
};
