export default {
  "notice": "privacy",
  "version": 1,
  "from": "2026-11-23",
  "title": "Privacy notice",
  "sections": [
    {
      "heading": "Who is responsible",
      "text": [
        "The operator of this island's low-carbon points, for what is written here and nothing else. If you have a question, ask at the island's service desk."
      ]
    },
    {
      "heading": "What we keep",
      "text": [
        "Who you are: with WeChat, only the number that WeChat gives this project for you (the openid); as a guest, only a fingerprint of your recovery code. The nickname is made up by the system; the name on a resident card is the one you gave at the desk.",
        "What you did: which scene, how much, when, at which kiosk or shop, the points and grams it gave, and your vouchers.",
        "How you sign in: the kind of browser and phone, when you signed in, the day of your last use; and a fingerprint of a random number in your browser, so that many accounts on one phone are noticed.",
        "Your member code: a new random alias each day. The alias is all that a kiosk reads."
      ]
    },
    {
      "heading": "What we don't keep",
      "text": [
        "No phone number, identity card, date of birth or contacts; no location, no face. A kiosk knows where it stands.",
        "These pages load nothing from anybody else. There are no advertisements and no tracking, and nobody gets your data for advertising."
      ]
    },
    {
      "heading": "What it is for",
      "text": [
        "To work out points and grams, to keep one act from counting twice, to notice cheating, to settle with the shops, and to add up the island.",
        "A shop sees the first character of your nickname; the published totals hold no names. We do this with your consent."
      ]
    },
    {
      "heading": "What a program decides",
      "text": [
        "Limits, waiting times, expired codes and the clocks of kiosks are judged by a program. Whenever something brings no points, fewer points or has to wait, your history says why and what you can do.",
        "You can ask the service desk to look again."
      ]
    },
    {
      "heading": "The public evidence",
      "text": [
        "Every entry leaves a line in the public evidence: its kind, day, scene, quantity, points and grams. Your name is not in it, only a salted fingerprint, and no two lines can be linked."
      ]
    },
    {
      "heading": "Who can see it, and for how long",
      "text": [
        "Staff see what their job needs, and every change they make is recorded.",
        "It is kept while you are a member. If you ask to be forgotten, whatever identifies you is deleted at once. Kiosks keep what they have handed in for up to 40 days more; it holds aliases only."
      ]
    },
    {
      "heading": "What you can do",
      "text": [
        "On the page “Me” you can see and take along all your data, see and end your sessions, take your consent back, and be forgotten.",
        "To correct a name or an entry, ask at the service desk."
      ]
    },
    {
      "heading": "Children",
      "text": [
        "We do not ask for a date of birth. Children under 14 need no account; they use paper tickets, which a parent's phone hands in."
      ]
    },
    {
      "heading": "When this notice changes",
      "text": [
        "Other words get another version number, and you are asked again."
      ]
    }
  ]
};
