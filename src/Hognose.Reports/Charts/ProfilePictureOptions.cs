using Hognose.Formats.Mprof;

namespace Hognose.Reports.Charts;

/// <summary>A profile and what to call it.</summary>
public sealed record NamedProfile(string Name, MprofProfile Profile);

/// <param name="Title">null: the command line of a single profile.</param>
/// <param name="Window">Seconds since the first sample to show; null: all.</param>
/// <param name="Functions">Marked functions are shown, and lines through the peak.</param>
/// <param name="Flame">Functions as stacked boxes in place of brackets.</param>
/// <param name="Trend">A straight line through the samples and its slope.</param>
public sealed record ProfilePictureOptions(string? Title, (double From, double To)? Window, bool Functions, bool Flame, bool Trend);
