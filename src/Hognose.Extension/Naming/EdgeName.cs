namespace Hognose.Extension.Naming;

/// <summary>How an object refers to another; numbers that the package turns into words.</summary>
internal enum EdgeName
{
    Unnamed = 0,

    /// <summary>An item of a list or tuple: the key is its index.</summary>
    Item = 1,

    /// <summary>A value of a dict: the key is its key.</summary>
    Value = 2,

    /// <summary>A key of a dict.</summary>
    Key = 3,

    /// <summary>A slot, or a member that a C type shows: the key is its name.</summary>
    Member = 4,

    /// <summary>The dict of an object's attributes.</summary>
    Attributes = 5,

    /// <summary>The object's class.</summary>
    Class = 6,

    /// <summary>An attribute that is kept without a dict (3.11 on): the key is its name.</summary>
    Attribute = 7,
}
