"""What the columns of tables mean: the code takes their names from here, and so does the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_MEANINGS = {
    # of a text and a segment
    "document": "the id of the text",
    "date": "of the text, where it is known",
    "outlet": "where the text appeared, where that is known",
    "segment": "the id of the segment; its offsets stand in segments.jsonl",
    "role": "source: the actor says it; mention: it is said about the actor. Never averaged together",
    "actor": "the camp; empty where the source is unknown or unclear",
    "entity": "the person or body in the camp",
    "voice": "whose words they are: an actor (where the codebook names the publisher, that one instead of the "
    "narrator), narrator, or empty (somebody the codebook does not know)",
    "kind": "direct, mixed or indirect speech; empty for the narrator's words and a publisher's own",
    "status": 'of what an actor says: stated; or denied ("never said"), hypothetical ("may say"), requested ("should '
    'say") or asked ("did he say …?"), which are listed and count nowhere',
    "confidence": "how likely source and content are right",
    "text": "the evidence, as it stands in the text",
    "sentence": "the sentence around it, which the model reads",
    "cue": "the words that signal speech",
    "start": "the offset of its first character in the text",
    "end": "the offset behind its last character",
    "position": "where it begins: 0 at the top of the text, 1 at its end",
    "source_text": "the source, as it stands in the text",
    "cue_text": "the cue, as it stands in the text",
    "label": "the most probable label",
    # of a score
    "target": "what the stance or sentiment is toward; of a frame, its id",
    "p_favor": "probability of favor, the mean over wordings",
    "p_against": "probability of against",
    "p_none": "probability of neither",
    "p_addressed": "how likely a statement takes the target up at all; empty for a model that was not taught to tell",
    "p_positive": "probability of positive sentiment",
    "p_negative": "probability of negative sentiment",
    "p_neutral": "probability of neither; stance and sentiment never share a column",
    "p_present": "probability that the frame is present; not calibrated",
    "p_denied": "probability that the frame is denied",
    "p_absent": "probability that it is neither",
    "p_present_min": "the lowest p_present of any wording",
    "p_present_max": "the highest p_present of any wording",
    "net": "p_favor − p_against, p_positive − p_negative or p_present − p_denied: −1 to +1",
    "net_min": "the lowest net of any wording of the hypothesis",
    "net_max": "the highest net of any wording",
    "n_wordings": "how many wordings were asked",
    "n_windows": "parts the text was read in: one for each place of the target in a long text, more where that exceeds "
    "what the model reads at once",
    "reason": "why a row has no net: it could not be scored, or the statement does not take the target up",
    "model": "name@revision/backend; the revision of a bundled model is one hash of all that decides its scores",
    "wording": "the hypothesis that was asked",
    # of a group
    "n": "scored segments",
    "addressed": "the share of its statements that take the target up, and so count",
    "documents": "texts they stand in",
    "mean": "mean net, −1 to +1",
    "wordings_low": "the mean of the lowest wordings; no interval of confidence",
    "wordings_high": "the mean of the highest wordings",
    "low": "lower end of the 95 % interval",
    "high": "upper end of the 95 % interval",
    "n_unscored": "segments without a net",
    "note": "why there is no interval, or what else to know",
    "a": "one group",
    "b": "the other group",
    "difference": "mean of a minus mean of b, −2 to +2",
    "p": "of a permutation test that exchanges actors where they vary",
    "q": "p, adjusted for how many pairs of one target are compared (Benjamini and Hochberg)",
    **{
        f"{name}_{side}": f"{name} of {side}"
        for side in "ab"
        for name in ("n", "addressed", "documents", "mean")
    },
    "estimator": "naive, or how label errors are corrected: DSL or PPI",
    "estimate": "the mean or difference",
    # of annotation
    "unit": "a segment and a target: what is labelled",
    "measure": "stance or sentiment",
    "units": "how many units count",
    "alpha": "Krippendorff's alpha, nominal",
    "by": "the column that makes the groups",
    "group": "one of its values, or all",
}  # fmt: skip


def _table(names: str, **own: str) -> Mapping[str, str]:
    """The columns of a table in their order; ``own`` are those that mean something else than in other tables."""
    return MappingProxyType({name: own.get(name) or _MEANINGS[name] for name in names.split()})


SCORE = _table(
    "document date outlet segment role actor entity voice kind status confidence target text sentence label p_favor "
    "p_against p_none p_positive p_negative p_neutral p_present p_denied p_absent p_present_min p_present_max "
    "p_addressed net net_min net_max n_wordings n_windows reason model"
)
WORDINGS = _table("segment target wording net model", net="the net of this wording")
SEGMENT = _table(
    "document segment role actor entity voice kind source_text cue_text text start position confidence status"
)
SENTENCE = _table(
    "document sentence start end actor speaks spoken_about net net_min net_max text",
    sentence="the number of the sentence in the text",
    actor="an actor in the sentence; a row without one is a sentence without actors",
    speaks="statements of the actor in it",
    spoken_about="mentions of the actor in it",
    net="mean net of these statements; also net_min and net_max",
    text="the sentence",
)
SUMMARY = _table("n addressed documents mean wordings_low wordings_high low high n_unscored note")
CONTRAST = _table(
    "a b n_a n_b addressed_a addressed_b documents_a documents_b mean_a mean_b difference wordings_low wordings_high "
    "low high p q note",
    wordings_low="the smallest difference that the wordings allow",
    wordings_high="the largest difference that they allow",
)
FRAMING = _table(
    "document actor entity cue text label net net_min net_max reading p_addressed reason n_statements mean",
    reading="what the numbers say in words; unsure where wordings disagree",
    n_statements="statements of the actor that count",
    mean="mean net of the actor",
)
FRAME = _table(
    "set frame actor n documents present wordings_low wordings_high denied note",
    set="the family of the frame",
    frame="the id of the frame",
    present="mean p_present",
    denied="mean p_denied",
)
TERM = _table(
    "actor kind term n words",
    kind="word or phrase",
    term="the word or noun phrase",
    n="how often the actor says it",
    words="all words of the actor",
)
KEYNESS = _table(
    "actor kind term n n_others words words_others log_odds low high z",
    **{k: v for k, v in TERM.items() if k in ("kind", "term", "n", "words")},
    n_others="how often the others say it",
    words_others="all words of the others",
    log_odds="log-odds ratio with an informative Dirichlet prior: positive where the actor says it more often",
    z="log_odds over its standard error",
)
PHRASE = _table(
    "actor term n n_others words words_others",
    **{k: v for k, v in KEYNESS.items() if k in ("term", "n", "n_others", "words", "words_others")},
)
SUGGESTION = _table(
    "suggestion phrases statements said texts actors signs known examples",
    suggestion="the phrase of the group that statements take sides on most often, as it is written",
    phrases="the most frequent phrases of the group, and how often each is said",
    statements="statements with a sign of taking a side on it, each counted once",
    said="statements that speak of it at all",
    texts="texts in which a statement takes a side on it; of near copies one",
    actors="how many actors take one; somebody whom the codebook does not know counts by name",
    signs="how many statements show each sign: position, ought or judged",
    known="targets of the codebook whose words are in a phrase of the group",
    examples="sentences with such statements, of several actors where there are several, with their texts",
)
PERIOD = _table(
    "period first_day last_day n_documents n_statements mean low high note",
    period="the day, week, month, quarter or year",
    first_day="its first day",
    last_day="its last day",
    n_documents="texts in it",
    n_statements="statements that count in it",
)
MULTIVERSE = _table(
    "target a b estimator model wording addressed confidence unit copies roles n_a n_b documents estimate low high "
    "default",
    wording="one wording, or the mean of all",
    addressed="the threshold of p_addressed",
    confidence="the least confidence of an attribution",
    unit="what counts once: statement, sentence or document",
    copies="whether near copies all count, or the first alone",
    roles="source, mention or both",
    estimate="difference of a and b under these choices",
    default="whether these are the choices that the results show",
)
ESTIMATE = _table(
    "estimand a b estimator estimate low high n_scored n_labelled note",
    estimand="mean or difference",
    n_scored="units that the model scored",
    n_labelled="units that people labelled",
)
SHEET = _table(
    "unit document segment role actor entity measure target text context sha256 inclusion_probability annotator label "
    "note",
    context="the text around the evidence",
    sha256="the hash of what is read: a label counts only for these words",
    inclusion_probability="how likely the unit was to be drawn; corrections need it",
    annotator="who labels",
    label="what the annotator fills in",
    note="what the annotator wants to say",
)
ACCURACY = _table(
    "by group metric label n value low high note",
    metric="precision, recall, F1, accuracy or calibration error",
    label="the label it is of; empty for all",
    n="units it rests on",
    value="the value of the metric",
)
DIFFERENTIAL = _table(
    "by group n documents error low high p note",
    n="units labelled and scored",
    error="mean of net minus label: positive where the model reads the group too kindly",
    p="of a test that the errors are the same in all groups",
)
AGREEMENT = _table(
    "measure target label units annotators labels alpha low high agreement note",
    target="the target, or empty for all; another column if 'by' names one",
    label="the label against all others, or empty for all labels at once",
    annotators="how many labelled them",
    labels="how many labels they gave",
    agreement="the share of pairs of labels that are the same",
)
_LABELLED = "favor against none positive negative neutral entailment contradiction".split()
EVALUATION = _table(
    f"set task model n unscored macro_f1 f1_sides accuracy {' '.join(f'f1_{label}' for label in _LABELLED)} ece "
    "ece_low ece_high ece_perfect difference difference_low difference_high",
    set="the labelled set, or some of its rows",
    task="stance, sentiment or plain inference (nli)",
    model="the model, or a baseline",
    n="rows of the set",
    unscored="rows that could not be scored: errors, and left out of calibration",
    macro_f1="mean F1 over the labels that occur",
    f1_sides="mean F1 over the labels that take a side",
    accuracy="the share of rows with the right label",
    **{f"f1_{label}": f"F1 of {label}" for label in _LABELLED},
    ece="calibration error: how far probabilities are from the share that is right",
    ece_low="lower end of its 95 % interval",
    ece_high="upper end of its 95 % interval",
    ece_perfect="what a perfectly calibrated model would show on so many rows",
    difference="macro_f1 minus that of the first model",
    difference_low="lower end of its 95 % interval",
    difference_high="upper end of its 95 % interval",
)
_FOUND = ("content", "source", "actor")
PASSAGES = _table(
    f"kind gold found {' '.join(f'{w}_{m}' for w in _FOUND for m in ('precision', 'recall', 'f1', 'low', 'high'))} "
    "where_alpha where_low where_high whose_alpha whose_low whose_high",
    kind="direct, mixed or indirect speech, or all",
    gold="statements that people marked",
    found="statements that the program found",
    **{
        f"{what}_{measure}": f"{said} {of}"
        for what, of in zip(
            _FOUND, ("contents", "contents with the right source", "contents with the right actor"), strict=True
        )
        for measure, said in (
            ("precision", "precision of"), ("recall", "recall of"), ("f1", "F1 of"),
            ("low", "lower end of the 95 % interval of F1 of"), ("high", "upper end of the 95 % interval of F1 of"),
        )
    },
    where_alpha="Krippendorff's alpha for unitizing: where statements are",
    where_low="lower end of its 95 % interval",
    where_high="upper end of its 95 % interval",
    whose_alpha="the same, of where statements are and whose",
    whose_low="lower end of its 95 % interval",
    whose_high="upper end of its 95 % interval",
)  # fmt: skip
REVIEW = _table(
    "decision document entities source cue content status kind confidence sentence source_at cue_at content_at "
    "text_sha256",
    decision="yours to fill in: ok, edit, delete or add; empty where you did not look",
    entities="whom the source means",
    source="the words that name the source",
    content="what is said",
    sentence="the sentence around it",
    source_at="offsets of the source",
    cue_at="offsets of the cue",
    content_at="offsets of the content",
    text_sha256="the hash of the text: a changed text is never corrected by mistake",
)
DUPLICATES = _table(
    "document cluster", cluster="the text that stands for its near copies; count each cluster once in statistics"
)
TABLES = MappingProxyType(
    {
        "Scores: `scores/stance.csv`, `sentiment.csv`, `frames.csv`, `stance.to_frame`": SCORE,
        "Wordings: `scores/wordings.csv`": WORDINGS,
        "Segments: `stance.segments_frame`": SEGMENT,
        "Sentences: `01_presence`, `04_ribbon`, `stance.by_sentence`": SENTENCE,
        "Means: `04_stance`, `stance.summarize`, behind role, target and group": SUMMARY,
        "Contrasts: `05_contrasts`, `stance.contrast`, behind role and target": CONTRAST,
        "Framings: `05_framings`": FRAMING,
        "Frames: `05_frames`, `stance.frame_profile`": FRAME,
        "Terms: `stance.count_terms`": TERM,
        "Key words: `stance.keyness`": KEYNESS,
        "Phrases: `05_phrases`": PHRASE,
        "Suggested targets: `stance targets`, `stance.suggest_targets`": SUGGESTION,
        "Timeline: `stance.timeline`, behind role, target and group": PERIOD,
        "Multiverse: `stance.multiverse`": MULTIVERSE,
        "Corrected estimates: `stance validate`": ESTIMATE,
        "Accuracy: `stance validate`": ACCURACY,
        "Differential error: `stance validate`": DIFFERENTIAL,
        "Annotation sheet: `stance sample`": SHEET,
        "Agreement: `stance agreement`, `07_agreement`": AGREEMENT,
        "Evaluation: `stance evaluate` with labels": EVALUATION,
        "Evaluation of who says what: `stance evaluate` with marked documents": PASSAGES,
        "Review table: `stance segment --review`": REVIEW,
        "Near copies: `duplicates.parquet` of `stance batch`": DUPLICATES,
    }
)
"""Every table that a researcher reads or fills in, under what makes it."""
