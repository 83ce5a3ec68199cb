using Hognose.Reports.Html;

namespace Hognose.Reports.Charts;

/// <summary>A picture of profiles in a file.</summary>
public static class ProfilePicture
{
    public static byte[] Draw(IReadOnlyList<NamedProfile> profiles, ProfilePictureOptions options, PictureFormat format)
    {
        PlotFile.Prepare();
        return PlotFile.Bytes(ProfilePlot.Of(profiles, options), format, svg => ProfilePage.Of(profiles, options, svg));
    }
}
