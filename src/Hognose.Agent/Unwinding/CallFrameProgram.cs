using System.Runtime.InteropServices;

namespace Hognose.Agent.Unwinding;

/// <summary>A row of a call frame table, of it the registers by which callers are found; 64 bytes, as <see cref="UnwindScratch.States"/> has it.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct FrameState
{
    public const ulong Rbp = 6;
    public const ulong Rsp = 7;
    public const ulong ReturnAddress = 16;

    public ulong CfaRegister;
    public long CfaOffset;
    public long RbpOffset;
    public long ReturnOffset;
    public byte CfaIsExpression;
    public byte RbpIsLost;
    public byte IsOutermost;
    public byte ReturnIsLost;

    /// <summary>False: callers are not found by adding to rsp or rbp.</summary>
    public readonly unsafe bool TryToRule(UnwindRule* rule)
    {
        const long mostBytes = int.MaxValue;
        if (IsOutermost != 0)
        {
            rule->Kind = UnwindRule.Outermost;
            return true;
        }
        if (CfaIsExpression != 0 || ReturnIsLost != 0 || ReturnOffset != -8 || CfaRegister is not (Rbp or Rsp) || CfaOffset is <= 0 or > mostBytes || RbpOffset is > 0 or < -mostBytes)
            return false;
        rule->Kind = UnwindRule.Frame;
        rule->CfaOffset = (int)CfaOffset;
        rule->RbpOffset = (int)RbpOffset;
        rule->IsFromRbp = CfaRegister == Rbp ? (byte)1 : (byte)0;
        rule->LosesRbp = RbpIsLost;
        return true;
    }
}

/// <summary>Interprets call frame instructions (DWARF 5, 6.4.2 and 7.24; DW_CFA_GNU_args_size as GCC emits it) up to a place in the code.</summary>
internal unsafe struct CallFrameProgram
{
    private const byte Advance = 1;
    private const byte Offset = 2;
    private const byte Restore = 3;

    public CommonEntry* Common;
    public FrameState* Saved;
    public FrameState Initial;
    private int _depth;

    /// <param name="reader">The instructions.</param>
    /// <param name="state">The row so far; gets that of the place.</param>
    /// <param name="wanted">Bytes from the function's start.</param>
    /// <returns>False: an instruction is not known.</returns>
    public bool Run(ByteReader* reader, FrameState* state, nuint wanted)
    {
        nuint location = 0;
        while (!reader->IsAtEnd)
        {
            var code = reader->Byte();
            ulong low = code & 0x3Fu;
            switch (code >> 6)
            {
                case Advance:
                    location += (nuint)(low * Common->CodeFactor);
                    break;
                case Offset:
                    SetOffset(state, low, (long)reader->Unsigned() * Common->DataFactor);
                    break;
                case Restore:
                    RestoreOne(state, low);
                    break;
                default:
                    if (!RunOther(reader, state, code, ref location))
                        return false;
                    break;
            }
            if (location > wanted)
                return true;
        }
        return true;
    }

    private bool RunOther(ByteReader* reader, FrameState* state, byte code, ref nuint location)
    {
        switch (code)
        {
            case 0x00: // nop
                break;
            case 0x02: // advance_loc1
                location += (nuint)(reader->Byte() * Common->CodeFactor);
                break;
            case 0x03: // advance_loc2
                location += (nuint)(reader->Two() * Common->CodeFactor);
                break;
            case 0x04: // advance_loc4
                location += (nuint)(reader->Four() * Common->CodeFactor);
                break;
            case 0x0A: // remember_state
                return Remember(state);
            case 0x0B: // restore_state
                return Recall(state);
            case 0x2E: // GNU_args_size
                reader->Unsigned();
                break;
            default:
                return code is >= 0x0C and <= 0x0F or 0x12 or 0x13 ? RunCfa(reader, state, code) : RunRegister(reader, state, code);
        }
        return true;
    }

    private readonly bool RunCfa(ByteReader* reader, FrameState* state, byte code)
    {
        if (code is 0x0C or 0x12) // def_cfa, def_cfa_sf
            state->CfaRegister = reader->Unsigned();
        if (code is 0x0C or 0x0E) // def_cfa_offset
            state->CfaOffset = (long)reader->Unsigned();
        if (code is 0x12 or 0x13) // def_cfa_offset_sf
            state->CfaOffset = reader->Signed() * Common->DataFactor;
        if (code == 0x0D) // def_cfa_register
            state->CfaRegister = reader->Unsigned();
        if (code == 0x0F) // def_cfa_expression
            reader->Skip(reader->Unsigned());
        if (code is 0x0C or 0x12 or 0x0F)
            state->CfaIsExpression = code == 0x0F ? (byte)1 : (byte)0;
        return true;
    }

    private readonly bool RunRegister(ByteReader* reader, FrameState* state, byte code)
    {
        var register = reader->Unsigned();
        switch (code)
        {
            case 0x05: // offset_extended
                SetOffset(state, register, (long)reader->Unsigned() * Common->DataFactor);
                break;
            case 0x11: // offset_extended_sf
                SetOffset(state, register, reader->Signed() * Common->DataFactor);
                break;
            case 0x2F: // GNU_negative_offset_extended
                SetOffset(state, register, -(long)reader->Unsigned() * Common->DataFactor);
                break;
            case 0x06: // restore_extended
                RestoreOne(state, register);
                break;
            case 0x07: // undefined
                Lose(state, register);
                if (register == FrameState.ReturnAddress)
                    state->IsOutermost = 1;
                break;
            case 0x08: // same_value
                SetOffset(state, register, 0);
                break;
            case 0x09: // register
            case 0x14: // val_offset
                reader->Unsigned();
                Lose(state, register);
                break;
            case 0x15: // val_offset_sf
                reader->Signed();
                Lose(state, register);
                break;
            case 0x10: // expression
            case 0x16: // val_expression
                reader->Skip(reader->Unsigned());
                Lose(state, register);
                break;
            default:
                return false;
        }
        return true;
    }

    private static void SetOffset(FrameState* state, ulong register, long offset)
    {
        if (register == FrameState.Rbp)
            (state->RbpOffset, state->RbpIsLost) = (offset, 0);
        if (register == FrameState.ReturnAddress)
            (state->ReturnOffset, state->ReturnIsLost) = (offset, 0);
    }

    private static void Lose(FrameState* state, ulong register)
    {
        if (register == FrameState.Rbp)
            state->RbpIsLost = 1;
        if (register == FrameState.ReturnAddress)
            state->ReturnIsLost = 1;
    }

    private readonly void RestoreOne(FrameState* state, ulong register)
    {
        if (register == FrameState.Rbp)
            (state->RbpOffset, state->RbpIsLost) = (Initial.RbpOffset, Initial.RbpIsLost);
        if (register == FrameState.ReturnAddress)
            (state->ReturnOffset, state->ReturnIsLost) = (Initial.ReturnOffset, Initial.ReturnIsLost);
    }

    private bool Remember(FrameState* state)
    {
        if (_depth == UnwindScratch.DeepestState)
            return false;
        Saved[_depth++] = *state;
        return true;
    }

    private bool Recall(FrameState* state)
    {
        if (_depth == 0)
            return false;
        *state = Saved[--_depth];
        return true;
    }
}
